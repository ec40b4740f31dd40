// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/replan/plan_query.h"

#include "bson/builder.h"

#include <algorithm>
#include <array>

namespace plumb::replan {
namespace {

constexpr auto kOfOneCall = std::to_array<std::string_view>({"$clusterTime",
                                                             "$db",
                                                             "$readPreference",
                                                             "autocommit",
                                                             "lsid",
                                                             "maxTimeMS",
                                                             "readConcern",
                                                             "startTransaction",
                                                             "stmtId",
                                                             "txnNumber",
                                                             "writeConcern"});
static_assert(std::ranges::is_sorted(kOfOneCall));

constexpr auto kPlanned = std::to_array<std::string_view>({"aggregate",
                                                           "count",
                                                           "delete",
                                                           "distinct",
                                                           "find",
                                                           "findAndModify",
                                                           "findandmodify",
                                                           "update"});
static_assert(std::ranges::is_sorted(kPlanned));

constexpr auto kReading =
    std::to_array<std::string_view>({"aggregate", "count", "distinct", "find"});
static_assert(std::ranges::is_sorted(kReading));

// {update: c, updates: [statement]}, {delete: c, deletes: [statement]}
bson::Document with_command(std::string_view collection, bson::View statement) {
    const bool update = statement.has("u");
    bson::Builder out;
    out.append(update ? "update" : "delete", collection);
    out.begin_array(update ? "updates" : "deletes");
    out.push_document();
    out.append_all(statement);
    if (!update && !statement.has("limit")) {
        out.append("limit", 0);
    }
    out.end();
    out.end();
    return out.finish();
}

bool pipeline_writes(bson::View command) {
    const bson::ValueView pipeline = command.find("pipeline");
    if (pipeline.type() != bson::Type::Array) {
        return false;
    }
    for (const bson::Element& stage : pipeline.as_array()) {
        if (stage.value.type() != bson::Type::Document || stage.value.as_document().empty()) {
            continue;
        }
        const std::string_view name = stage.value.as_document().front().name;
        if (name == "$out" || name == "$merge") {
            return true;
        }
    }
    return false;
}

}  // namespace

std::optional<bson::Document> explainable_command(std::string_view collection,
                                                  bson::View statement) {
    if (statement.empty()) {
        return std::nullopt;
    }
    if (statement.front().name == "q") {
        return with_command(collection, statement);
    }
    if (!std::ranges::binary_search(kPlanned, statement.front().name) ||
        pipeline_writes(statement)) {
        return std::nullopt;
    }
    bson::Builder out;
    for (const bson::Element& field : statement) {
        if (!std::ranges::binary_search(kOfOneCall, field.name)) {
            out.append(field.name, field.value);
        }
    }
    if (statement.front().name == "aggregate" && !statement.has("cursor")) {
        out.begin_document("cursor").end();
    }
    return out.finish();
}

bool only_reads(bson::View command) {
    return !command.empty() && std::ranges::binary_search(kReading, command.front().name) &&
           !pipeline_writes(command);
}

}  // namespace plumb::replan
