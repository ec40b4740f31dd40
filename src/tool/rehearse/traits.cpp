// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/rehearse/traits.h"

#include "bson/number.h"
#include "tool/workload/placeholder.h"

#include <algorithm>
#include <array>

namespace plumb::rehearse {
namespace {

constexpr auto kWrites =
    std::to_array<std::string_view>({"delete", "findAndModify", "insert", "update"});
// Stages that hand a document on as it comes: a limit behind them ends the reading.
constexpr auto kPassing =
    std::to_array<std::string_view>({"$addFields", "$match", "$project", "$set", "$unset"});

bool is_one_of(std::string_view name, const auto& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

double number_at(bson::View document, std::string_view field) {
    const bson::ValueView value = document.find(field);
    return value.is_number() ? std::max(0.0, bson::to_double(value)) : 0;
}

bson::View first_document(bson::View command, std::string_view list) {
    const bson::ValueView array = command.find(list);
    if (array.type() != bson::Type::Array) {
        return {};
    }
    const bson::ValueView first = array.as_array().at(0);
    return first.type() == bson::Type::Document ? first.as_document() : bson::View{};
}

bool is_true(bson::View document, std::string_view field) {
    const bson::ValueView value = document.find(field);
    return !value.missing() && bson::truthy(value);
}

void read_pipeline(bson::View command, Traits& out) {
    const bson::ValueView pipeline = command.find("pipeline");
    if (pipeline.type() != bson::Type::Array) {
        return;
    }
    bool passing = true;
    for (const bson::Element& each : pipeline.as_array()) {
        if (each.value.type() != bson::Type::Document || each.value.as_document().empty()) {
            continue;
        }
        const bson::Element stage = each.value.as_document().front();
        if (stage.name == "$limit" && passing && out.limit == 0 && stage.value.is_number()) {
            out.limit = bson::to_double(stage.value);
        }
        // Whether a sort is one in memory the plan says.
        passing = passing && (is_one_of(stage.name, kPassing) || stage.name == "$sort");
        if (stage.name == "$lookup" && stage.value.type() == bson::Type::Document) {
            out.looks_up = true;
            const bson::ValueView from = stage.value.as_document().find("from");
            out.looked_up = from.type() == bson::Type::String ? from.as_string() : std::string{};
        }
    }
}

void read_limit(bson::View command, std::string_view kind, Traits& out) {
    if (kind == "find" || kind == "count") {
        out.limit = number_at(command, "limit");
        out.limit += out.limit > 0 ? number_at(command, "skip") : 0;
    } else if (kind == "update") {
        out.limit = is_true(first_document(command, "updates"), "multi") ? 0 : 1;
    } else if (kind == "delete") {
        out.limit = number_at(first_document(command, "deletes"), "limit");
    } else if (kind == "findAndModify") {
        out.limit = 1;
    } else if (kind == "aggregate") {
        read_pipeline(command, out);
    }
}

// The part of the command that selects: an update's new values do not.
bson::View selecting_part(bson::View command, std::string_view kind) {
    if (kind == "update" || kind == "delete") {
        const bson::View statement =
            first_document(command, kind == "update" ? "updates" : "deletes");
        const bson::ValueView filter = statement.find("q");
        return filter.type() == bson::Type::Document ? filter.as_document() : bson::View{};
    }
    if (kind == "findAndModify") {
        const bson::ValueView filter = command.find("query");
        return filter.type() == bson::Type::Document ? filter.as_document() : bson::View{};
    }
    return command;
}

}  // namespace

Traits traits_of(bson::View pattern, const workload::Workload& workload) {
    Traits out;
    if (pattern.empty()) {
        return out;
    }
    const bson::Element named = pattern.front();
    if (named.value.type() == bson::Type::String) {
        out.collection = named.value.as_string();
    }
    out.writes = is_one_of(named.name, kWrites);
    out.is_insert = named.name == "insert";
    read_limit(pattern, named.name, out);
    workload::for_each_placeholder(
        selecting_part(pattern, named.name), [&](const workload::Placeholder& placeholder) {
            const workload::Parameter* const parameter = workload.parameter(placeholder.name);
            if (parameter == nullptr || parameter->source != workload::Source::Sample) {
                return;
            }
            (parameter->collection == out.collection ? out.from_itself : out.from_another) = true;
            out.misses = std::max(out.misses, parameter->misses);
        });
    return out;
}

}  // namespace plumb::rehearse
