// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/json.h"
#include "tool/migrate/lint/checks_internal.h"
#include "tool/migrate/lint/implication.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::migrate::lint {
namespace {

void add_document(bson::ValueView value, std::vector<bson::View>& out) {
    if (value.type() == bson::Type::Document) {
        out.push_back(value.as_document());
    }
}

// `q` of each element of `updates` or `deletes`; the first $match of a pipeline.
void add_of_elements(bson::ValueView list, std::string_view field, std::vector<bson::View>& out) {
    if (list.type() != bson::Type::Array) {
        return;
    }
    for (const bson::Element& each : list.as_array()) {
        if (each.value.type() == bson::Type::Document) {
            add_document(each.value.as_document().find(field), out);
        }
    }
}

// The filters of a command on this collection.
std::vector<bson::View> filters_of(bson::View command, std::string_view collection) {
    std::vector<bson::View> out;
    if (command.empty() || command.front().value.type() != bson::Type::String ||
        command.front().value.as_string() != collection) {
        return out;
    }
    add_document(command.find("filter"), out);
    add_document(command.find("query"), out);
    add_of_elements(command.find("updates"), "q", out);
    add_of_elements(command.find("deletes"), "q", out);
    add_of_elements(command.find("pipeline"), "$match", out);
    return out;
}

bool is_used(const workload::Workload& workload, const std::string& collection, bson::View filter) {
    for (const workload::Query& query : workload.queries) {
        for (const bson::Document& command : query.commands) {
            const std::vector<bson::View> asked = filters_of(command, collection);
            if (std::any_of(asked.begin(), asked.end(), [filter](bson::View each) {
                    return may_imply(each, filter);
                })) {
                return true;
            }
        }
    }
    return false;
}

}  // namespace

FoundList check_partial_unused(const Context& context) {
    std::vector<Found> out;
    for (const Step& step : context.steps) {
        for (const project::IndexDefinition& index : new_indexes(step)) {
            const std::string& collection = step.operation->collection;
            // A unique index works as a rule, whether or not it is read.
            if (!index.partial.has_value() || index.unique ||
                is_used(*context.workload, collection, *index.partial)) {
                continue;
            }
            out.push_back(found_at(
                step,
                index,
                fmt::format("{}.{}: no query of the workload asks only for documents with {}",
                            collection,
                            index.name,
                            bson::to_json(index.partial->view()))));
        }
    }
    return out;
}

}  // namespace plumb::migrate::lint
