// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/special_scan.h"

#include "engine/plan/finish.h"
#include "engine/plan/implication.h"

#include <algorithm>
#include <span>

namespace plumb::plan {
namespace {

std::optional<std::size_t> field_number(const storage::IndexState& index, std::string_view path) {
    const auto& fields = index.pattern.fields();
    for (std::size_t at = 0; at < fields.size(); ++at) {
        if (fields[at].path.dotted() == path && !fields[at].hashed) {
            return at;
        }
    }
    return std::nullopt;
}

bool matches_all(const query::MatchNode& filter) {
    return filter.kind == query::MatchKind::And && filter.children.empty();
}

bool serves_distinct(const QueryRequest& request, const UsableIndex& usable) {
    const std::optional<std::size_t> field = field_number(*usable.index, request.distinct_field);
    if (!field || (usable.partial != nullptr && !implies(*request.filter, *usable.partial))) {
        return false;
    }
    const auto& arrays = usable.index->multikey_paths;
    return request.distinct_unwinds || *field >= arrays.size() || arrays[*field].empty();
}

// The narrowest index that begins with the field.
IndexPtr narrowest(const QueryRequest& request, const IndexChoice& choice) {
    IndexPtr best;
    for (const UsableIndex& usable : choice.usable) {
        if (serves_distinct(request, usable) &&
            field_number(*usable.index, request.distinct_field) == 0 &&
            (best == nullptr ||
             usable.index->pattern.fields().size() < best->pattern.fields().size())) {
            best = usable.index;
        }
    }
    return best;
}

// Entries that the scan passes over must hold no other value of the field. Where it holds arrays
// they may, unless the scan goes over all of the index. $group must meet each value once, so what
// stands before the field must have one value.
PlanNodePtr distinct_over(const QueryRequest& request, const IndexScan& scan) {
    const std::optional<std::size_t> field = field_number(*scan.index, request.distinct_field);
    if (!field) {
        return nullptr;
    }
    const auto& arrays = scan.index->multikey_paths;
    const auto before = std::span{scan.bounds.fields}.first(*field);
    const bool whole = std::ranges::all_of(
        scan.bounds.fields, [](const FieldBounds& bounds) { return bounds.is_everything(); });
    if (*field < arrays.size() && !arrays[*field].empty() && !whole) {
        return nullptr;
    }
    if (!request.distinct_unwinds &&
        !std::ranges::all_of(before, [](const FieldBounds& bounds) { return bounds.is_point(); })) {
        return nullptr;
    }
    return leaf(DistinctScan{scan.index, scan.direction, scan.bounds, *field});
}

}  // namespace

IndexScan whole_scan(IndexPtr index) {
    IndexScan out{.index = std::move(index)};
    for (const bson::KeyField& field : out.index->pattern.fields()) {
        FieldBounds bounds{field.path.dotted(), {Interval::everything()}};
        if (field.order == bson::Order::Descending) {
            bounds.reverse();
        }
        out.bounds.fields.push_back(std::move(bounds));
    }
    return out;
}

void count_by_scan(PlanNodePtr& root) {
    const auto* scan = std::get_if<IndexScan>(&root->node);
    if (scan == nullptr || root->filter) {
        return;
    }
    if (std::optional<KeyRange> range = scan->bounds.single_range()) {
        root = leaf(CountScan{scan->index, std::move(*range)});
    }
}

PlanNodePtr plan_distinct(const QueryRequest& request, const IndexChoice& choice) {
    if (choice.natural) {
        return nullptr;
    }
    PlanNodePtr found;
    if (matches_all(*request.filter)) {
        if (IndexPtr index = narrowest(request, choice)) {
            found = distinct_over(request, whole_scan(std::move(index)));
        }
    } else {
        std::vector<UsableIndex> serving;
        std::ranges::copy_if(
            choice.usable, std::back_inserter(serving), [&](const UsableIndex& each) {
                return serves_distinct(request, each);
            });
        for (const Access& access : find_accesses(*request.filter, serving)) {
            if (found == nullptr && access.index != nullptr && access.on_document.empty() &&
                access.on_key.empty()) {
                found = distinct_over(request, {.index = access.index, .bounds = access.bounds});
            }
        }
    }
    if (found == nullptr) {
        return nullptr;
    }
    QueryRequest shown = request;
    shown.sort = bson::View{};
    shown.skip.reset();
    shown.limit.reset();
    return finish(std::move(found), shown);
}

}  // namespace plumb::plan
