// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/index_usage.h"

#include <algorithm>
#include <vector>

namespace plumb::exec {
namespace {

void collect_indexes(const plan::PlanNode& node, std::vector<const storage::IndexState*>& out) {
    const storage::IndexState* index = nullptr;
    if (const auto* scan = std::get_if<plan::IndexScan>(&node.node)) {
        index = scan->index.get();
    } else if (const auto* count = std::get_if<plan::CountScan>(&node.node)) {
        index = count->index.get();
    } else if (const auto* distinct = std::get_if<plan::DistinctScan>(&node.node)) {
        index = distinct->index.get();
    } else if (const auto* lookup = std::get_if<plan::IdLookup>(&node.node)) {
        index = lookup->index.get();
    }
    if (index != nullptr && std::ranges::find(out, index) == out.end()) {
        out.push_back(index);
    }
    for (const plan::PlanNodePtr& child : node.children) {
        collect_indexes(*child, out);
    }
}

}  // namespace

IndexUsage::Accesses& IndexUsage::entry(const storage::CollectionState& collection,
                                        const storage::IndexState& index,
                                        const Clock& clock) {
    const auto [at, fresh] = entries_.try_emplace({collection.number, index.number});
    if (fresh) {
        at->second.since = bson::Date{clock.now().count()};
    }
    return at->second;
}

void IndexUsage::count(const storage::CollectionState& collection,
                       const plan::PlanNode& plan,
                       const Clock& clock) {
    std::vector<const storage::IndexState*> used;
    collect_indexes(plan, used);
    if (used.empty()) {
        return;
    }
    const std::lock_guard lock{mutex_};
    for (const storage::IndexState* index : used) {
        ++entry(collection, *index, clock).operations;
    }
}

IndexUsage::Accesses IndexUsage::of(const storage::CollectionState& collection,
                                    const storage::IndexState& index,
                                    const Clock& clock) {
    const std::lock_guard lock{mutex_};
    return entry(collection, index, clock);
}

}  // namespace plumb::exec
