// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/plan_cache.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::exec {
namespace {

std::string_view direction_text(storage::Direction direction) {
    return direction == storage::Direction::Forward ? "forward" : "backward";
}

std::string own_text(const plan::PlanNode& node) {
    std::string out{plan::stage_name(node)};
    if (const auto* scan = std::get_if<plan::IndexScan>(&node.node)) {
        out += fmt::format(" {} {}", scan->index->spec.name, direction_text(scan->direction));
    } else if (const auto* count = std::get_if<plan::CountScan>(&node.node)) {
        out += fmt::format(" {}", count->index->spec.name);
    }
    return out;
}

}  // namespace

std::string plan_fingerprint(const plan::PlanNode& root) {
    std::string out = own_text(root);
    std::vector<std::string> children;
    for (const plan::PlanNodePtr& child : root.children) {
        std::string text = plan_fingerprint(*child);
        // How many stretches are merged depends on the query's constants.
        if (children.empty() || children.back() != text) {
            children.push_back(std::move(text));
        }
    }
    if (!children.empty()) {
        out += fmt::format("({})", fmt::join(children, ","));
    }
    return out;
}

std::string PlanCache::key_of(const plan::QueryRequest& request,
                              const storage::CollectionState& collection) {
    std::string out = fmt::format("{}|{}|", collection.ns, collection.number);
    for (const auto& index : collection.indexes) {
        out += fmt::format(
            "{}{}{}.", index->number, index->spec.hidden ? "h" : "", index->multikey ? "m" : "");
    }
    return out + plan::shape_key(request);
}

std::optional<PlanCache::Entry> PlanCache::find_active(const std::string& key) const {
    const std::lock_guard lock{mutex_};
    const auto found = entries_.find(key);
    if (found == entries_.end() || !found->second.active) {
        return std::nullopt;
    }
    return found->second;
}

void PlanCache::remember(const std::string& key, Entry found) {
    const std::lock_guard lock{mutex_};
    const auto at = entries_.find(key);
    if (at == entries_.end()) {
        if (order_.size() >= kPlanCacheEntriesMax) {
            entries_.erase(order_.front());
            order_.erase(order_.begin());
        }
        order_.push_back(key);
        entries_.emplace(key, std::move(found));
        return;
    }
    Entry& known = at->second;
    if (known.active || found.works <= known.works) {
        found.active = true;
        known = std::move(found);
    } else {
        // Still inactive: the next trial may take a little more.
        known.works = std::max(known.works + 1, known.works * 2);
    }
}

void PlanCache::clear(std::string_view ns) {
    const std::lock_guard lock{mutex_};
    std::erase_if(entries_, [&](const auto& each) { return ns.empty() || each.second.ns == ns; });
    std::erase_if(order_, [&](const std::string& key) { return !entries_.contains(key); });
}

std::vector<PlanCache::Entry> PlanCache::entries(std::string_view ns) const {
    const std::lock_guard lock{mutex_};
    std::vector<Entry> out;
    for (const auto& [key, entry] : entries_) {
        if (entry.ns == ns) {
            out.push_back(entry);
        }
    }
    return out;
}

bool has_cached_shape(const plan::QueryRequest& request, const plan::PlanNode& plan) {
    const bool matches_all =
        request.filter->kind == query::MatchKind::And && request.filter->children.empty();
    return !(matches_all && request.sort.empty()) && request.hint.missing() && !request.min &&
           !request.max && plan::find_node<plan::IdLookup>(plan) == nullptr;
}

}  // namespace plumb::exec
