// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/transaction_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::commands {

namespace {

constexpr ErrorCode kNotRetryable{50768};
constexpr auto kDatabases = std::to_array<std::string_view>({"admin", "config", "local"});
constexpr auto kStages = std::to_array<std::string_view>({"$changeStream",
                                                          "$collStats",
                                                          "$currentOp",
                                                          "$indexStats",
                                                          "$listLocalSessions",
                                                          "$listSessions",
                                                          "$merge",
                                                          "$out",
                                                          "$planCacheStats"});
constexpr auto kReadConcerns =
    std::to_array<std::string_view>({"", "local", "majority", "snapshot"});

bool ends_transaction(const CommandRow& row) {
    return row.name == "commitTransaction" || row.name == "abortTransaction";
}

Error refused(std::string message) {
    return fail(ErrorCode::OperationNotSupportedInTransaction, std::move(message));
}

Status check_command(const CommandRow& row) {
    if (row.in_transaction == InTransaction::Allowed) {
        return {};
    }
    if (row.name == "count") {
        return refused(
            "Cannot run 'count' in a multi-document transaction. Use an aggregation "
            "with $match and $count instead.");
    }
    return refused(fmt::format("Cannot run '{}' in a multi-document transaction.", row.name));
}

Status check_stages(bson::View command) {
    const bson::ValueView pipeline = command.find("pipeline");
    if (pipeline.type() != bson::Type::Array) {
        return {};
    }
    for (const bson::Element& stage : pipeline.as_array()) {
        if (stage.value.type() != bson::Type::Document || stage.value.as_document().empty()) {
            continue;
        }
        const std::string_view name = stage.value.as_document().front().name;
        if (std::ranges::find(kStages, name) != kStages.end()) {
            return refused(fmt::format(
                "Aggregation stage {} cannot run within a multi-document transaction", name));
        }
    }
    return {};
}

Status check_concerns(const CommandRow& row, const GenericFields& generic) {
    if (generic.has_write_concern && !ends_transaction(row)) {
        return fail(ErrorCode::InvalidOptions,
                    "writeConcern is not allowed within a multi-statement transaction");
    }
    if (generic.has_read_concern && !generic.starts_transaction) {
        return fail(ErrorCode::InvalidOptions,
                    "Only the first command in a transaction may specify a readConcern");
    }
    if (std::ranges::find(kReadConcerns, generic.read_concern) == kReadConcerns.end()) {
        return fail(ErrorCode::InvalidOptions,
                    "The readConcern level must be either 'local' (default), 'majority' or "
                    "'snapshot' in order to run in a transaction");
    }
    return {};
}

}  // namespace

Status check_in_transaction(const CommandRow& row,
                            const GenericFields& generic,
                            bson::View command) {
    PLUMB_CHECK(check_command(row));
    PLUMB_CHECK(check_concerns(row, generic));
    if (ends_transaction(row)) {
        return generic.starts_transaction
                   ? Status{refused(fmt::format("A transaction cannot begin with {}.", row.name))}
                   : Status{};
    }
    if (std::ranges::find(kDatabases, generic.database) != kDatabases.end()) {
        return refused(fmt::format("Cannot run command against the '{}' database in a transaction",
                                   generic.database));
    }
    return row.name == "aggregate" ? check_stages(command) : Status{};
}

Status check_retryable(const CommandRow& row) {
    if (!row.retryable) {
        return fail(kNotRetryable,
                    fmt::format("txnNumber may only be provided for multi-document transactions "
                                "and retryable write commands. autocommit:false was not provided, "
                                "and {} is not a retryable write command.",
                                row.name));
    }
    return {};
}

}  // namespace plumb::commands
