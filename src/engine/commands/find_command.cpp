// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/find_command.h"

#include "engine/commands/fields.h"
#include "engine/commands/namespace_name.h"

#include <fmt/format.h>

#include <array>

namespace plumb::commands {

namespace {

// clang-format off
constexpr auto kFields = std::to_array<FieldRule>({
    {"filter",              kDocument},
    {"projection",          kDocument},
    {"sort",                kDocument},
    {"hint",                kString | kDocument},
    {"collation",           kDocument},
    {"skip",                kNumber},
    {"limit",               kNumber},
    {"batchSize",           kNumber},
    {"ntoreturn",           kNumber},
    {"singleBatch",         kBool},
    {"allowDiskUse",        kBool},
    {"comment",             kAnyType},
    {"maxScan",             kNumber},
    {"max",                 kDocument},
    {"min",                 kDocument},
    {"returnKey",           kBool},
    {"showRecordId",        kBool},
    {"snapshot",            kBool},
    {"tailable",            kBool},
    {"oplogReplay",         kBool},
    {"noCursorTimeout",     kBool},
    {"awaitData",           kBool},
    {"allowPartialResults", kBool},
    {"options",             kDocument},
});
// clang-format on

constexpr std::array kNotNegative{std::string_view{"skip"},
                                  std::string_view{"limit"},
                                  std::string_view{"batchSize"},
                                  std::string_view{"ntoreturn"}};

bool is_natural_order(bson::View sort) {
    return sort.count() == 1 && sort.front().name == "$natural" && integer(sort, "$natural") == 1;
}

Status check_tailable(bson::View command) {
    if (!bool_or(command, "tailable", false)) {
        return bool_or(command, "awaitData", false)
                   ? fail(ErrorCode::BadValue,
                          "Cannot set 'awaitData' without also setting 'tailable'")
                   : Status{};
    }
    const bson::View sort = document_or_empty(command, "sort");
    if (!sort.empty() && !is_natural_order(sort)) {
        return fail(ErrorCode::BadValue,
                    "cannot use tailable option with a sort other than {$natural: 1}");
    }
    if (bool_or(command, "singleBatch", false)) {
        return fail(ErrorCode::BadValue,
                    "cannot use tailable option with the 'singleBatch' option");
    }
    return {};
}

Status check_values(bson::View command) {
    for (const std::string_view name : kNotNegative) {
        if (integer(command, name).value_or(0) < 0) {
            return fail(ErrorCode::BadValue,
                        fmt::format("{} value must be non-negative, but received: {}",
                                    name,
                                    *integer(command, name)));
        }
    }
    if (command.has("ntoreturn") && (command.has("limit") || command.has("batchSize"))) {
        return fail(ErrorCode::BadValue,
                    "'limit' or 'batchSize' fields can not be set with 'ntoreturn' field.");
    }
    PLUMB_CHECK(check_tailable(command));
    if (bool_or(command, "snapshot", false) || command.has("maxScan")) {
        return fail(ErrorCode::FailedToParse, "snapshot and maxScan are gone since MongoDB 4.2");
    }
    return check_collation(command.find("collation"));
}

// What comes later comes at the end of the record order, so no index serves.
void read_tailable(bson::View command, FindCommand& out) {
    bson::Builder natural;
    natural.begin_document("hint").append("$natural", 1).end();
    out.request.tailable = true;
    out.request.sort = bson::Document{};
    out.request.hint = bson::Value{natural.finish_view().find("hint")};
    out.await_data = bool_or(command, "awaitData", false);
}

// A limit of 0 means none; ntoreturn is what very old drivers say instead.
void read_limits(bson::View command, FindCommand& out) {
    out.batch_size = integer(command, "batchSize");
    out.single_batch = bool_or(command, "singleBatch", false);
    out.request.skip = integer(command, "skip");
    out.request.limit = integer(command, "limit");
    if (const auto wanted = integer(command, "ntoreturn"); wanted) {
        out.request.limit = wanted;
    }
    if (out.request.limit == 0) {
        out.request.limit.reset();
    }
}

}  // namespace

Result<FindCommand> parse_find(std::string_view database, bson::View command) {
    PLUMB_TRY(ns, command_namespace(database, command, ErrorCode::FailedToParse));
    PLUMB_CHECK(check_fields(command,
                             {.structure = "find",
                              .rules = kFields,
                              .unknown = ErrorCode::FailedToParse,
                              .missing = ErrorCode::FailedToParse,
                              .wrong_type = ErrorCode::FailedToParse}));
    PLUMB_CHECK(check_values(command));
    FindCommand out;
    out.request.ns = std::move(ns);
    out.request.filter = bson::Document{document_or_empty(command, "filter")};
    out.request.sort = bson::Document{document_or_empty(command, "sort")};
    out.request.projection = bson::Document{document_or_empty(command, "projection")};
    if (const bson::ValueView hint = command.find("hint"); !hint.nullish()) {
        out.request.hint = bson::Value{hint};
    }
    if (const bson::View min = document_or_empty(command, "min"); !min.empty()) {
        out.request.min = bson::Document{min};
    }
    if (const bson::View max = document_or_empty(command, "max"); !max.empty()) {
        out.request.max = bson::Document{max};
    }
    out.request.return_key = bool_or(command, "returnKey", false);
    out.request.show_record_id = bool_or(command, "showRecordId", false);
    out.request.allow_disk_use = bool_or(command, "allowDiskUse", false);
    out.no_cursor_timeout = bool_or(command, "noCursorTimeout", false);
    if (bool_or(command, "tailable", false)) {
        read_tailable(command, out);
    }
    read_limits(command, out);
    return out;
}

}  // namespace plumb::commands
