// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/finish.h"

#include "bson/number.h"
#include "engine/plan/sort_order.h"

#include <algorithm>

namespace plumb::plan {
namespace {

bool index_has_field(const storage::IndexState& index, std::string_view path) {
    const auto& fields = index.pattern.fields();
    for (std::size_t at = 0; at < fields.size(); ++at) {
        if (fields[at].path.dotted() == path) {
            return !fields[at].hashed &&
                   (at >= index.multikey_paths.size() || index.multikey_paths[at].empty());
        }
    }
    return false;
}

PlanNodePtr fetched(PlanNodePtr root) {
    return is_fetched(*root) ? std::move(root) : wrap(Fetch{}, std::move(root));
}

bool keys_hold(const PlanNode& root, bson::View pattern) {
    return std::ranges::all_of(
        pattern, [&](const bson::Element& field) { return has_field(root, field.name); });
}

// Null if sorting is needed and forbidden.
PlanNodePtr ordered(PlanNodePtr root, const QueryRequest& request) {
    if (request.sort.empty() || is_natural(request.sort) || order_by_index(root, request.sort)) {
        return root;
    }
    if (request.forbid_sort_stage) {
        return nullptr;
    }
    if (!is_fetched(*root) && !keys_hold(*root, request.sort)) {
        root = fetched(std::move(root));
    }
    Sort sort{.pattern = bson::Document{request.sort}};
    if (request.limit) {
        sort.limit = *request.limit + request.skip.value_or(0);
    }
    return wrap(std::move(sort), std::move(root));
}

std::size_t scan_count(const PlanNode& root) {
    std::size_t out = std::holds_alternative<IndexScan>(root.node) ||
                              std::holds_alternative<DistinctScan>(root.node)
                          ? 1
                          : 0;
    for (const PlanNodePtr& child : root.children) {
        out += scan_count(*child);
    }
    return out;
}

bool keys_suffice(const PlanNode& root, const query::Projection& projection) {
    return !is_fetched(root) && !projection.needs_whole_document() &&
           !projection.required_fields().empty() &&
           std::ranges::all_of(projection.required_fields(),
                               [&](const std::string& path) { return has_field(root, path); });
}

PlanNodePtr projected(PlanNodePtr root, const QueryRequest& request) {
    if (request.no_fields) {
        return root;
    }
    if (request.projection.empty() || request.parsed_projection == nullptr) {
        return fetched(std::move(root));
    }
    const query::Projection& projection = *request.parsed_projection;
    const bool plain = projection.is_simple_inclusion() &&
                       std::ranges::none_of(projection.required_fields(), [](const auto& path) {
                           return path.find('.') != std::string::npos;
                       });
    Project project{.spec = bson::Document{request.projection}};
    if (keys_suffice(*root, projection)) {
        if (plain && scan_count(*root) == 1) {
            project.form = Project::Form::Covered;
        }
        return wrap(std::move(project), std::move(root));
    }
    root = fetched(std::move(root));
    if (request.covered_projection_only) {
        return root;
    }
    if (plain) {
        project.form = Project::Form::Simple;
    }
    return wrap(std::move(project), std::move(root));
}

}  // namespace

bool is_natural(bson::View pattern) {
    return !pattern.empty() && pattern.front().name == "$natural";
}

storage::Direction natural_direction(bson::View pattern) {
    const bson::ValueView order = pattern.front().value;
    return order.is_number() && bson::to_double(order) < 0 ? storage::Direction::Backward
                                                           : storage::Direction::Forward;
}

bool is_fetched(const PlanNode& root) {
    if (std::holds_alternative<CollectionScan>(root.node) ||
        std::holds_alternative<IdLookup>(root.node) || std::holds_alternative<Fetch>(root.node) ||
        std::holds_alternative<EndOfFile>(root.node)) {
        return true;
    }
    return !root.children.empty() &&
           std::ranges::all_of(root.children,
                               [](const PlanNodePtr& child) { return is_fetched(*child); });
}

bool has_field(const PlanNode& root, std::string_view path) {
    if (is_fetched(root)) {
        return true;
    }
    if (const auto* scan = std::get_if<IndexScan>(&root.node)) {
        return index_has_field(*scan->index, path);
    }
    if (const auto* scan = std::get_if<DistinctScan>(&root.node)) {
        return index_has_field(*scan->index, path);
    }
    return !root.children.empty() &&
           std::ranges::all_of(root.children,
                               [&](const PlanNodePtr& child) { return has_field(*child, path); });
}

PlanNodePtr finish(PlanNodePtr root, const QueryRequest& request) {
    if (request.purpose == QueryRequest::Purpose::Count) {
        return root;
    }
    root = ordered(std::move(root), request);
    if (root == nullptr) {
        return nullptr;
    }
    if (request.skip.value_or(0) > 0) {
        root = wrap(Skip{*request.skip}, std::move(root));
    }
    root = projected(std::move(root), request);
    if (request.limit && find_node<Sort>(*root) == nullptr) {
        root = wrap(Limit{*request.limit}, std::move(root));
    }
    return root;
}

}  // namespace plumb::plan
