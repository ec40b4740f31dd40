// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/write_target.h"

#include "engine/exec/read_snapshot.h"

#include <fmt/format.h>

namespace plumb::exec {

Result<std::optional<storage::Collection>> find_target(const Operation& operation,
                                                       std::string_view ns) {
    std::optional<storage::Collection> out = operation.engine.collection(ns);
    if (out && out->state().is_view()) {
        return fail(ErrorCode::CommandNotSupportedOnView,
                    fmt::format("Namespace {} is a view, not a collection", ns));
    }
    if (out) {
        PLUMB_CHECK(check_snapshot(operation, out->state()));
    }
    return out;
}

Result<storage::Collection> make_target(Operation& operation, std::string_view ns) {
    while (true) {
        PLUMB_TRY(found, find_target(operation, ns));
        if (found) {
            return std::move(*found);
        }
        if (operation.transaction != nullptr) {
            return fail(
                ErrorCode::OperationNotSupportedInTransaction,
                fmt::format("Cannot create namespace {} in multi-document transaction.", ns));
        }
        const Result<storage::CollectionStatePtr> made =
            operation.engine.create_collection(ns, bson::View{});
        // Somebody else may have made it, or dropped it again: look once more.
        if (!made.ok() && made.error().code() != ErrorCode::NamespaceExists) {
            return made.error();
        }
        PLUMB_CHECK(operation.interrupt.check());
    }
}

Result<bool> target_exists(const Operation& operation, std::string_view ns) {
    PLUMB_TRY(found, find_target(operation, ns));
    return found.has_value();
}

Status check_removable(const Operation& operation, std::string_view ns) {
    PLUMB_TRY(found, find_target(operation, ns));
    if (found && found->state().is_capped()) {
        return fail(ErrorCode::IllegalOperation,
                    fmt::format("cannot remove from a capped collection: {}", ns));
    }
    return {};
}

Status ensure_target(Operation& operation, std::string_view ns) {
    PLUMB_TRY(made, make_target(operation, ns));
    static_cast<void>(made);
    return {};
}

Status run_write(Operation& operation, const std::function<Status(storage::Transaction&)>& body) {
    if (operation.transaction != nullptr) {
        return body(*operation.transaction);
    }
    std::int64_t runs = 0;
    const Status status = operation.engine.run_write(
        operation.durability, operation.interrupt, [&](storage::Transaction& transaction) {
            ++runs;
            return body(transaction);
        });
    operation.statistics.write_conflicts += std::max<std::int64_t>(runs - 1, 0);
    return status;
}

}  // namespace plumb::exec
