// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"
#include "bson/json.h"
#include "tool/capture/template_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

namespace plumb::capture {
namespace {

// What a driver adds to every command, and what belongs to one call only.
bool is_of_the_call(std::string_view name) {
    constexpr auto kNames = std::to_array<std::string_view>({"lsid",
                                                             "txnNumber",
                                                             "stmtId",
                                                             "autocommit",
                                                             "startTransaction",
                                                             "comment",
                                                             "ordered",
                                                             "maxTimeMS"});
    return name.starts_with('$') || std::ranges::find(kNames, name) != kNames.end();
}

// Where the conditions of this operation stand.
std::string_view conditions_of(std::string_view operation) {
    return operation == "find"                              ? "filter"
           : operation == "aggregate"                       ? "pipeline"
           : operation == "update" || operation == "delete" ? "q"
                                                            : "query";
}

std::string one_of(const std::vector<bson::Document>& kept, std::string_view conditions) {
    std::string out;
    for (const bson::Document& command : kept) {
        const bson::ValueView value = command.view().find(conditions);
        if (!value.missing()) {
            out += (out.empty() ? "" : ", ") + bson::to_json(value);
        }
    }
    return out.empty() ? out : fmt::format("{{one_of: [{}]}}", out);
}

}  // namespace

Template template_of_kept(const ShapeStatistics& statistics, ParameterList& parameters) {
    const Shape& shape = statistics.shape;
    const bson::View first = statistics.kept.front();
    const std::string_view conditions = conditions_of(shape.operation);
    const bool statement = conditions == "q";
    const std::string choice = one_of(statistics.kept, conditions);
    bson::Builder parts;
    for (const bson::Element& field : first) {
        const bool is_name = !statement && field.name == first.front().name;
        if (is_name || is_of_the_call(field.name)) {
            continue;
        }
        if (field.name == conditions && !choice.empty()) {
            parts.append(field.name, "{{" + parameters.name_of(choice, "kept_" + shape.id) + "}}");
        } else {
            parts.append(field.name, field.value);
        }
    }
    Template out;
    bson::Builder command;
    command.append(shape.operation, shape.collection);
    if (statement) {
        command.begin_array(shape.operation == "update" ? "updates" : "deletes");
        command.push(parts.finish());
        command.end();
    } else {
        command.append_all(parts.finish());
    }
    out.command = command.finish();
    return out;
}

}  // namespace plumb::capture
