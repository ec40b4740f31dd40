// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/collection_lock_internal.h"
#include "engine/storage/collection_validator_internal.h"
#include "engine/storage/engine_impl_internal.h"

#include <utility>

namespace plumb::storage {

Result<std::vector<std::string>> EngineImpl::validate(std::string_view ns, Interrupt& interrupt) {
    const std::optional<Collection> held = collection(ns);
    if (!held.has_value()) {
        return fail(ErrorCode::NamespaceNotFound, "ns not found: " + std::string{ns});
    }
    if (held->state().is_view()) {
        return fail(ErrorCode::CommandNotSupportedOnView,
                    std::string{ns} + " is a view and has nothing to validate");
    }
    PLUMB_TRY(live, need(ns));
    // State and snapshot from one moment: no writer is between its index entries and its commit.
    PLUMB_CHECK(live->gate.close_to_writers(interrupt));
    const WriteViewPtr view = live->view();
    Result<std::unique_ptr<Transaction>> transaction = pool_.begin(Access::Read);
    live->gate.open_to_writers();
    PLUMB_TRY(snapshot, std::move(transaction));
    CollectionValidator validator{*snapshot, *view, interrupt};
    return validator.run();
}

}  // namespace plumb::storage
