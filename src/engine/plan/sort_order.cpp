// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/sort_order.h"

#include "bson/number.h"

#include <algorithm>

namespace plumb::plan {
namespace {

using storage::Direction;
using storage::IndexState;

bool descending(bson::ValueView order) {
    return order.is_number() && bson::to_double(order) < 0;
}

bool has_prefix(std::string_view path, std::string_view prefix) {
    return path == prefix ||
           (path.starts_with(prefix) && path.size() > prefix.size() && path[prefix.size()] == '.');
}

bool is_multikey(const IndexState& index, std::size_t field) {
    return field < index.multikey_paths.size() && !index.multikey_paths[field].empty();
}

// An array has one place in a sort but many in an index: its least element counts. The index gives
// that order only if the scan goes over all its keys, so that the least comes first.
bool order_survives_arrays(const IndexScan& scan, std::string_view sorted_path) {
    const IndexState& index = *scan.index;
    if (!index.multikey) {
        return true;
    }
    const auto& fields = index.pattern.fields();
    for (std::size_t at = 0; at < fields.size(); ++at) {
        const std::string& path = fields[at].path.dotted();
        const bool everything = scan.bounds.fields[at].is_everything();
        if (path == sorted_path && is_multikey(index, at) && !everything) {
            return false;
        }
        if (is_multikey(index, at) && !everything &&
            (has_prefix(path, sorted_path) || has_prefix(sorted_path, path) ||
             path.substr(0, path.find('.')) == sorted_path.substr(0, sorted_path.find('.')))) {
            return false;
        }
    }
    return true;
}

// Whether the scan, from key field `from` on, runs through `pattern` in order, passing over fields
// that have one value only. `from` fields are taken to have one value.
bool scan_gives_order(const IndexScan& scan, bson::View pattern, std::size_t from) {
    const auto& fields = scan.index->pattern.fields();
    if (scan.bounds.range) {
        return false;
    }
    std::size_t at = 0;
    for (const bson::Element& wanted : pattern) {
        while (at < fields.size() && fields[at].path.dotted() != wanted.name &&
               (at < from || scan.bounds.fields[at].is_point())) {
            ++at;
        }
        if (at == fields.size() || fields[at].path.dotted() != wanted.name || fields[at].hashed) {
            return false;
        }
        const bool runs_down = (fields[at].order == bson::Order::Descending) !=
                               (scan.direction == Direction::Backward);
        if (runs_down != descending(wanted.value) || !order_survives_arrays(scan, wanted.name) ||
            (at < from && !scan.bounds.fields[at].is_point())) {
            return false;
        }
        ++at;
    }
    return true;
}

// The number of leading fields whose points must be split for the rest to give the order; nothing
// if no number does it.
std::optional<std::size_t> fields_to_split(const IndexScan& scan, bson::View pattern) {
    std::size_t count = 0;
    while (count < scan.bounds.fields.size() && scan.bounds.fields[count].all_points()) {
        ++count;
        if (scan_gives_order(scan, pattern, count)) {
            return count;
        }
    }
    return std::nullopt;
}

void collect_scans(PlanNodePtr& node, std::vector<PlanNodePtr*>& out) {
    if (std::holds_alternative<IndexScan>(node->node)) {
        out.push_back(&node);
        return;
    }
    for (PlanNodePtr& child : node->children) {
        collect_scans(child, out);
    }
}

// One scan for each combination of the points of the first `count` fields, in scan order.
std::vector<PlanNodePtr> split(const PlanNode& scan_node, std::size_t count) {
    const auto& scan = std::get<IndexScan>(scan_node.node);
    std::vector<IndexBounds> bounds{scan.bounds};
    for (std::size_t field = 0; field < count; ++field) {
        std::vector<IndexBounds> grown;
        for (const IndexBounds& so_far : bounds) {
            for (const Interval& point : scan.bounds.fields[field].intervals) {
                grown.push_back(so_far);
                grown.back().fields[field].intervals = {point};
            }
        }
        bounds = std::move(grown);
    }
    std::vector<PlanNodePtr> out;
    for (IndexBounds& each : bounds) {
        out.push_back(leaf(IndexScan{scan.index, scan.direction, std::move(each)}));
        out.back()->filter = scan_node.filter;
    }
    return out;
}

std::size_t combinations(const IndexScan& scan, std::size_t count) {
    std::size_t out = 1;
    for (std::size_t field = 0; field < count && out <= kMergedScansMax; ++field) {
        out *= scan.bounds.fields[field].intervals.size();
    }
    return out;
}

// Below the node there are only index scans, or $or over such: what can become a merge.
PlanNodePtr* mergeable(PlanNodePtr& root) {
    PlanNodePtr* node = &root;
    while (std::holds_alternative<Fetch>((*node)->node)) {
        node = &(*node)->children.front();
    }
    if (std::holds_alternative<IndexScan>((*node)->node)) {
        return node;
    }
    const bool plain_union = std::holds_alternative<Or>((*node)->node) &&
                             std::ranges::all_of((*node)->children, [](const PlanNodePtr& child) {
                                 return std::holds_alternative<IndexScan>(child->node);
                             });
    return plain_union ? node : nullptr;
}

bool merge_by_splitting(PlanNodePtr& root, bson::View pattern) {
    PlanNodePtr* node = mergeable(root);
    if (node == nullptr) {
        return false;
    }
    std::vector<PlanNodePtr*> scans;
    collect_scans(*node, scans);
    std::vector<std::size_t> counts;
    std::size_t total = 0;
    for (PlanNodePtr* scan_node : scans) {
        const auto& scan = std::get<IndexScan>((*scan_node)->node);
        const std::optional<std::size_t> count =
            scan_gives_order(scan, pattern, 0) ? std::size_t{0} : fields_to_split(scan, pattern);
        if (!count) {
            return false;
        }
        counts.push_back(*count);
        total += combinations(scan, *count);
    }
    if (total > kMergedScansMax) {
        return false;
    }
    PlanNodePtr merge = leaf(SortMerge{bson::Document{pattern}});
    for (std::size_t at = 0; at < scans.size(); ++at) {
        std::ranges::move(split(**scans[at], counts[at]), std::back_inserter(merge->children));
    }
    *node = std::move(merge);
    return true;
}

}  // namespace

bool gives_order(const PlanNode& root, bson::View pattern) {
    if (const auto* scan = std::get_if<IndexScan>(&root.node)) {
        return scan_gives_order(*scan, pattern, 0);
    }
    if (const auto* merge = std::get_if<SortMerge>(&root.node)) {
        return merge->pattern.view().raw() == pattern.raw();
    }
    const bool passes_on =
        std::holds_alternative<Fetch>(root.node) || std::holds_alternative<Skip>(root.node) ||
        std::holds_alternative<Limit>(root.node) || std::holds_alternative<Project>(root.node) ||
        std::holds_alternative<Subplan>(root.node);
    return passes_on && gives_order(*root.children.front(), pattern);
}

void reverse_scans(PlanNode& root) {
    if (auto* scan = std::get_if<IndexScan>(&root.node)) {
        scan->direction =
            scan->direction == Direction::Forward ? Direction::Backward : Direction::Forward;
        scan->bounds.reverse();
    }
    for (const PlanNodePtr& child : root.children) {
        reverse_scans(*child);
    }
}

bool order_by_index(PlanNodePtr& root, bson::View pattern) {
    if (gives_order(*root, pattern)) {
        return true;
    }
    reverse_scans(*root);
    if (gives_order(*root, pattern)) {
        return true;
    }
    reverse_scans(*root);
    if (merge_by_splitting(root, pattern)) {
        return true;
    }
    reverse_scans(*root);
    if (merge_by_splitting(root, pattern)) {
        return true;
    }
    reverse_scans(*root);
    return false;
}

}  // namespace plumb::plan
