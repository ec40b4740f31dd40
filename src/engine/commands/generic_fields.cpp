// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/generic_fields.h"

#include "bson/number.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

namespace plumb::commands {

namespace {

// What a handler fills, and under which face.
struct Parsed {
    GenericFields fields;
    Face face = Face::Standalone;
};
using Handler = Status (*)(bson::ValueView value, Parsed& out);

Status read_database(bson::ValueView value, Parsed& out) {
    if (value.type() != bson::Type::String) {
        return fail(ErrorCode::TypeMismatch, "$db must be a string");
    }
    out.fields.database = value.as_string();
    return {};
}

Status read_max_time(bson::ValueView value, Parsed& out) {
    if (!value.is_number()) {
        return fail(ErrorCode::BadValue, "maxTimeMS must be a number");
    }
    const std::optional<std::int64_t> limit = bson::to_exact_int64(value);
    if (!limit || *limit < 0 || *limit > std::numeric_limits<std::int32_t>::max()) {
        return fail(ErrorCode::BadValue,
                    "maxTimeMS must be a whole number between 0 and 2147483647");
    }
    if (*limit > 0) {
        out.fields.max_time = std::chrono::milliseconds{*limit};
    }
    return {};
}

Status read_level(bson::ValueView value, Parsed& out) {
    if (value.type() != bson::Type::String) {
        return fail(ErrorCode::TypeMismatch, "readConcern.level must be a string");
    }
    const std::string_view level = value.as_string();
    if (level == "linearizable" && out.face == Face::Standalone) {
        return fail(ErrorCode::NotAReplicaSet,
                    "node needs to be a replica set member to use read concern");
    }
    constexpr std::string_view kLevels[] = {
        "available", "linearizable", "local", "majority", "snapshot"};
    if (std::ranges::find(kLevels, level) == std::end(kLevels)) {
        return fail(ErrorCode::FailedToParse,
                    "readConcern.level must be either 'local', 'majority', 'linearizable', "
                    "'available', or 'snapshot'");
    }
    out.fields.read_concern = level;
    return {};
}

Status read_after_cluster_time(const bson::Element& field, Parsed& out) {
    if (out.face == Face::Standalone) {
        return fail(ErrorCode::NotAReplicaSet,
                    fmt::format("readConcern.{} needs a replica set", field.name));
    }
    if (field.name != "afterClusterTime") {
        return fail(
            ErrorCode::InvalidOptions,
            fmt::format("plumbd does not read at a time of the past: readConcern.{}", field.name));
    }
    if (field.value.type() != bson::Type::Timestamp) {
        return fail(ErrorCode::TypeMismatch, "readConcern.afterClusterTime must be a timestamp");
    }
    out.fields.after_cluster_time = field.value.as_timestamp();
    return {};
}

Status read_read_concern(bson::ValueView value, Parsed& out) {
    if (value.type() != bson::Type::Document) {
        return fail(ErrorCode::FailedToParse, "readConcern must be an object");
    }
    out.fields.has_read_concern = true;
    for (const bson::Element& field : value.as_document()) {
        if (field.name == "afterClusterTime" || field.name == "atClusterTime" ||
            field.name == "afterOpTime") {
            PLUMB_CHECK(read_after_cluster_time(field, out));
        } else if (field.name == "level") {
            PLUMB_CHECK(read_level(field.value, out));
        }
    }
    return {};
}

Status read_acknowledgement(bson::ValueView w, Parsed& out) {
    const bool standalone = out.face == Face::Standalone;
    if (w.is_number()) {
        if (bson::to_clamped_int64(w) <= 1) {
            return {};
        }
        if (standalone) {
            return fail(ErrorCode::BadValue, "cannot use 'w' > 1 when a host is not replicated");
        }
        out.fields.unsatisfied =
            fail(ErrorCode::UnsatisfiableWriteConcern, "Not enough data-bearing nodes");
        return {};
    }
    if (w.type() != bson::Type::String) {
        return fail(ErrorCode::FailedToParse, "w has to be a number or a string");
    }
    const std::string_view mode = w.as_string();
    if (mode == "majority") {
        out.fields.durability = storage::Durability::Journaled;
        return {};
    }
    if (standalone) {
        return fail(ErrorCode::BadValue,
                    fmt::format("cannot use non-majority 'w' mode {} when a host is not a member "
                                "of a replica set",
                                mode));
    }
    out.fields.unsatisfied = fail(
        ErrorCode::UnknownReplWriteConcern,
        fmt::format("No write concern mode named '{}' found in replica set configuration", mode));
    return {};
}

Status read_write_concern(bson::ValueView value, Parsed& out) {
    if (value.type() != bson::Type::Document) {
        return fail(ErrorCode::FailedToParse, "writeConcern must be an object");
    }
    // Drivers may send an empty one, which asks for nothing.
    out.fields.has_write_concern = !value.as_document().empty();
    for (const bson::Element& field : value.as_document()) {
        if (field.name == "w") {
            PLUMB_CHECK(read_acknowledgement(field.value, out));
        } else if (field.name == "j" || field.name == "fsync") {
            if (field.value.type() != bson::Type::Bool && !field.value.is_number()) {
                return fail(ErrorCode::FailedToParse,
                            fmt::format("{} must be numeric or a boolean value", field.name));
            }
            if (bson::truthy(field.value)) {
                out.fields.durability = storage::Durability::Journaled;
            }
        }
    }
    return {};
}

Status read_session(bson::ValueView value, Parsed& out) {
    if (value.type() != bson::Type::Document) {
        return fail(ErrorCode::TypeMismatch,
                    fmt::format("BSON field 'OperationSessionInfo.lsid' is the wrong type '{}', "
                                "expected type 'object'",
                                bson::type_name(value.type())));
    }
    out.fields.session = value.as_document();
    return {};
}

Status check_face(const Parsed& out) {
    if (out.face == Face::Standalone) {
        return fail(ErrorCode::IllegalOperation,
                    "Transaction numbers are only allowed on a replica set member or mongos");
    }
    return {};
}

Status read_txn_number(bson::ValueView value, Parsed& out) {
    PLUMB_CHECK(check_face(out));
    if (value.type() != bson::Type::Int64) {
        return fail(ErrorCode::TypeMismatch,
                    fmt::format("BSON field 'OperationSessionInfo.txnNumber' is the wrong type "
                                "'{}', expected type 'long'",
                                bson::type_name(value.type())));
    }
    if (value.as_int64() < 0) {
        return fail(ErrorCode::InvalidOptions, "Transaction number cannot be negative");
    }
    out.fields.txn_number = value.as_int64();
    return {};
}

Status read_autocommit(bson::ValueView value, Parsed& out) {
    PLUMB_CHECK(check_face(out));
    if (value.type() != bson::Type::Bool) {
        return fail(ErrorCode::TypeMismatch, "autocommit must be a boolean");
    }
    if (value.as_bool()) {
        return fail(ErrorCode::InvalidOptions, "Specifying autocommit=true is not allowed.");
    }
    out.fields.in_transaction = true;
    return {};
}

Status read_start(bson::ValueView value, Parsed& out) {
    PLUMB_CHECK(check_face(out));
    if (value.type() != bson::Type::Bool) {
        return fail(ErrorCode::TypeMismatch, "startTransaction must be a boolean");
    }
    if (!value.as_bool()) {
        return fail(ErrorCode::InvalidOptions, "Specifying startTransaction=false is not allowed.");
    }
    out.fields.starts_transaction = true;
    return {};
}

Status read_statement(bson::ValueView value, Parsed& out) {
    if (value.type() != bson::Type::Int32) {
        return fail(ErrorCode::TypeMismatch, "stmtId must be an int");
    }
    out.fields.statement = value.as_int32();
    return {};
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
    {"autocommit",                    read_autocommit},
    {"comment",                       nullptr},
    {"coordinator",                   nullptr},
    {"databaseVersion",               nullptr},
    {"lsid",                          read_session},
    {"maxTimeMS",                     read_max_time},
    {"readConcern",                   read_read_concern},
    {"shardVersion",                  nullptr},
    {"startTransaction",              read_start},
    {"stmtId",                        read_statement},
    {"tracking_info",                 nullptr},
    {"txnNumber",                     read_txn_number},
    {"writeConcern",                  read_write_concern},
});
// clang-format on
static_assert(std::ranges::is_sorted(kRows, {}, &Row::name));

const Row* find_row(std::string_view name) {
    const auto at = std::ranges::lower_bound(kRows, name, {}, &Row::name);
    return at != kRows.end() && at->name == name ? &*at : nullptr;
}

Status check_together(const GenericFields& fields) {
    if (fields.in_transaction && !fields.txn_number) {
        return fail(ErrorCode::InvalidOptions,
                    "'autocommit' field requires a transaction number to also be specified");
    }
    if (fields.starts_transaction && !fields.in_transaction) {
        return fail(ErrorCode::InvalidOptions,
                    "'startTransaction' field requires 'autocommit' field to also be specified");
    }
    if (fields.txn_number && fields.session.empty()) {
        return fail(ErrorCode::InvalidOptions,
                    "Transaction number requires a session ID to also be specified");
    }
    if (fields.read_concern == "snapshot" && !fields.in_transaction) {
        return fail(ErrorCode::InvalidOptions,
                    "readConcern level snapshot is only valid in a transaction");
    }
    return {};
}

}  // namespace

Result<GenericFields> parse_generic_fields(bson::View command, Face face) {
    Parsed parsed;
    parsed.face = face;
    for (const bson::Element& field : command) {
        const Row* row = find_row(field.name);
        if (row != nullptr && row->handler != nullptr) {
            PLUMB_CHECK(row->handler(field.value, parsed));
        }
    }
    if (parsed.fields.database.empty()) {
        return fail(ErrorCode{40571}, "OP_MSG requests require a $db argument");
    }
    PLUMB_CHECK(check_together(parsed.fields));
    return std::move(parsed.fields);
}

bool is_generic_field(std::string_view name) {
    return find_row(name) != nullptr;
}

}  // namespace plumb::commands
