// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/generic_fields.h"

#include "bson/number.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

namespace plumb::commands {

namespace {

using Handler = Status (*)(bson::ValueView value, GenericFields& out);

Status read_database(bson::ValueView value, GenericFields& out) {
    if (value.type() != bson::Type::String) {
        return fail(ErrorCode::TypeMismatch, "$db must be a string");
    }
    out.database = value.as_string();
    return {};
}

Status read_max_time(bson::ValueView value, GenericFields& out) {
    if (!value.is_number()) {
        return fail(ErrorCode::BadValue, "maxTimeMS must be a number");
    }
    const std::optional<std::int64_t> limit = bson::to_exact_int64(value);
    if (!limit || *limit < 0 || *limit > std::numeric_limits<std::int32_t>::max()) {
        return fail(ErrorCode::BadValue,
                    "maxTimeMS must be a whole number between 0 and 2147483647");
    }
    if (*limit > 0) {
        out.max_time = std::chrono::milliseconds{*limit};
    }
    return {};
}

Status read_read_concern(bson::ValueView value, GenericFields&) {
    if (value.type() != bson::Type::Document) {
        return fail(ErrorCode::FailedToParse, "readConcern must be an object");
    }
    for (const bson::Element& field : value.as_document()) {
        if (field.name == "afterClusterTime" || field.name == "atClusterTime" ||
            field.name == "afterOpTime") {
            return fail(ErrorCode::NotAReplicaSet,
                        fmt::format("readConcern.{} needs a replica set", field.name));
        }
        if (field.name != "level") {
            continue;
        }
        if (field.value.type() != bson::Type::String) {
            return fail(ErrorCode::TypeMismatch, "readConcern.level must be a string");
        }
        const std::string_view level = field.value.as_string();
        if (level == "linearizable") {
            return fail(ErrorCode::NotAReplicaSet,
                        "node needs to be a replica set member to use read concern");
        }
        if (level == "snapshot") {
            return fail(ErrorCode::InvalidOptions,
                        "readConcern level snapshot is only valid in a transaction");
        }
        constexpr std::string_view kLevels[] = {"local", "available", "majority"};
        if (std::ranges::find(kLevels, level) == std::end(kLevels)) {
            return fail(ErrorCode::FailedToParse,
                        "readConcern.level must be either 'local', 'majority', 'linearizable', "
                        "'available', or 'snapshot'");
        }
    }
    return {};
}

Status read_acknowledgement(bson::ValueView w, GenericFields& out) {
    if (w.is_number()) {
        if (bson::to_clamped_int64(w) > 1) {
            return fail(ErrorCode::BadValue, "cannot use 'w' > 1 when a host is not replicated");
        }
        return {};
    }
    if (w.type() != bson::Type::String) {
        return fail(ErrorCode::FailedToParse, "w has to be a number or a string");
    }
    if (w.as_string() == "majority") {
        out.durability = storage::Durability::Journaled;
        return {};
    }
    return fail(ErrorCode::BadValue,
                fmt::format("cannot use non-majority 'w' mode {} when a host is not a member of a "
                            "replica set",
                            w.as_string()));
}

Status read_write_concern(bson::ValueView value, GenericFields& out) {
    if (value.type() != bson::Type::Document) {
        return fail(ErrorCode::FailedToParse, "writeConcern must be an object");
    }
    for (const bson::Element& field : value.as_document()) {
        if (field.name == "w") {
            PLUMB_CHECK(read_acknowledgement(field.value, out));
        } else if (field.name == "j" || field.name == "fsync") {
            if (field.value.type() != bson::Type::Bool && !field.value.is_number()) {
                return fail(ErrorCode::FailedToParse,
                            fmt::format("{} must be numeric or a boolean value", field.name));
            }
            if (bson::truthy(field.value)) {
                out.durability = storage::Durability::Journaled;
            }
        }
    }
    return {};
}

Status refuse_transaction(bson::ValueView, GenericFields&) {
    return fail(ErrorCode::IllegalOperation,
                "Transaction numbers are only allowed on a replica set member or mongos");
}

struct Row {
    std::string_view name;
    Handler handler;  // null: accepted, without meaning here
};

// clang-format off
constexpr auto kRows = std::to_array<Row>({
    {"$audit",                        nullptr},
    {"$client",                       nullptr},
    {"$clusterTime",                  nullptr},
    {"$configServerState",            nullptr},
    {"$db",                           read_database},
    {"$oplogQueryData",               nullptr},
    {"$queryOptions",                 nullptr},
    {"$readPreference",               nullptr},
    {"$replData",                     nullptr},
    {"allowImplicitCollectionCreation", nullptr},
    {"apiDeprecationErrors",          nullptr},
    {"apiStrict",                     nullptr},
    {"apiVersion",                    nullptr},
    {"autocommit",                    refuse_transaction},
    {"comment",                       nullptr},
    {"coordinator",                   nullptr},
    {"databaseVersion",               nullptr},
    {"lsid",                          nullptr},
    {"maxTimeMS",                     read_max_time},
    {"readConcern",                   read_read_concern},
    {"shardVersion",                  nullptr},
    {"startTransaction",              refuse_transaction},
    {"stmtId",                        nullptr},
    {"tracking_info",                 nullptr},
    {"txnNumber",                     refuse_transaction},
    {"writeConcern",                  read_write_concern},
});
// clang-format on
static_assert(std::ranges::is_sorted(kRows, {}, &Row::name));

const Row* find_row(std::string_view name) {
    const auto at = std::ranges::lower_bound(kRows, name, {}, &Row::name);
    return at != kRows.end() && at->name == name ? &*at : nullptr;
}

}  // namespace

Result<GenericFields> parse_generic_fields(bson::View command) {
    GenericFields out;
    for (const bson::Element& field : command) {
        const Row* row = find_row(field.name);
        if (row != nullptr && row->handler != nullptr) {
            PLUMB_CHECK(row->handler(field.value, out));
        }
    }
    if (out.database.empty()) {
        return fail(ErrorCode{40571}, "OP_MSG requests require a $db argument");
    }
    return out;
}

bool is_generic_field(std::string_view name) {
    return find_row(name) != nullptr;
}

}  // namespace plumb::commands
