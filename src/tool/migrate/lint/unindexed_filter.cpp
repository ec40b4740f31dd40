// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/lint/checks_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace plumb::migrate::lint {
namespace {

// The filter of a data operation; null if it has none.
struct FilterOf {
    const bson::Document* operator()(const project::AddField& body) const { return &body.filter; }
    const bson::Document* operator()(const project::CopyField& body) const { return &body.filter; }
    const bson::Document* operator()(const project::Link& body) const { return &body.filter; }
    const bson::Document* operator()(const project::RemoveField& body) const {
        return &body.filter;
    }
    const bson::Document* operator()(const project::Transform& body) const { return &body.filter; }
    const bson::Document* operator()(const project::Delete& body) const { return &body.filter; }
    template <class Other>
    const bson::Document* operator()(const Other& /*body*/) const {
        return nullptr;
    }
};

void add_fields(bson::View filter, std::set<std::string, std::less<>>& out) {
    for (const auto& [name, value] : filter) {
        if (!name.starts_with('$')) {
            out.emplace(name);
        }
        if (name == "$and" && value.type() == bson::Type::Array) {
            for (const bson::Element& each : value.as_array()) {
                if (each.value.type() == bson::Type::Document) {
                    for (const bson::Element& field : each.value.as_document()) {
                        out.emplace(field.name);
                    }
                }
            }
        }
    }
}

bool is_served(const Step& step, const std::set<std::string, std::less<>>& fields) {
    return std::any_of(
        step.before.begin(), step.before.end(), [&fields](const project::IndexDefinition& index) {
            return !index.hidden && !index.partial.has_value() && !index.sparse &&
                   fields.contains(index.key.view().front().name);
        });
}

}  // namespace

FoundList check_unindexed_filter(const Context& context) {
    std::vector<Found> out;
    for (const Step& step : context.steps) {
        const bson::Document* filter = std::visit(FilterOf{}, step.operation->body);
        // Without a filter all documents are meant, and a scan is the way.
        if (filter == nullptr || filter->empty()) {
            continue;
        }
        const std::string& collection = step.operation->collection;
        PLUMB_TRY(size, context.facts->size(collection));
        std::set<std::string, std::less<>> fields;
        add_fields(*filter, fields);
        if (size.documents >= context.options.small_collection && !is_served(step, fields)) {
            out.push_back({step.file,
                           step.operation->position,
                           collection,
                           fmt::format("{}", fmt::join(fields, ", ")),
                           fmt::format("{} on {} reads all {} documents: no index begins with {}",
                                       step.operation->kind,
                                       collection,
                                       size.documents,
                                       fmt::join(fields, " or "))});
        }
    }
    return out;
}

}  // namespace plumb::migrate::lint
