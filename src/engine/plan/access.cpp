// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/access.h"

#include "engine/plan/condition.h"
#include "engine/plan/implication.h"
#include "engine/plan/predicate_bounds.h"

#include <algorithm>
#include <map>

namespace plumb::plan {
namespace {

using query::MatchKind;
using query::MatchNode;
using storage::IndexState;

// The first `count` components of a dotted path.
std::string prefix_of(const std::string& path, std::size_t count) {
    std::size_t end = 0;
    for (std::size_t at = 0; at < count; ++at) {
        end = path.find('.', end == 0 && at == 0 ? 0 : end + 1);
        if (end == std::string::npos) {
            return path;
        }
    }
    return path.substr(0, end);
}

// Which arrays on the way conditions have been bound to. Two conditions on one array may meet in
// one key only if they stand in the same $elemMatch; otherwise different elements may satisfy them.
class ArrayUse {
  public:
    // Binds `condition` at key field `field`; false, and nothing changes, if it cannot join.
    bool join(const Condition& condition, const IndexState& index, std::size_t field) {
        std::map<std::string, std::uint32_t> wanted;
        for (const std::uint32_t component : index.multikey_paths[field]) {
            const std::string prefix = prefix_of(condition.path, component + 1);
            const std::uint32_t scope = scope_at(condition, component + 1);
            const auto used = scope_of_.find(prefix);
            if (used != scope_of_.end() && (scope == 0 || used->second != scope)) {
                return false;
            }
            wanted.emplace(prefix, scope);
        }
        scope_of_.merge(wanted);
        return true;
    }

  private:
    static std::uint32_t scope_at(const Condition& condition, std::size_t components) {
        for (const Condition::Scope& scope : condition.scopes) {
            if (scope.components == components) {
                return scope.id;
            }
        }
        return 0;
    }
    std::map<std::string, std::uint32_t> scope_of_;
};

using FieldConditions = std::vector<std::vector<const Condition*>>;  // for each field of the key

class Finder {
  public:
    explicit Finder(const std::vector<UsableIndex>& indexes) : indexes_(indexes) {}

    std::vector<Access> ways(const MatchNode& node, std::vector<const MatchNode*>& around) {
        around.push_back(&node);
        std::vector<Access> out =
            node.kind == MatchKind::Or ? union_ways(node, around) : conjunction_ways(node, around);
        around.pop_back();
        if (out.size() > kPlansMax) {
            out.resize(kPlansMax);
        }
        return out;
    }

  private:
    std::vector<Access> union_ways(const MatchNode& node, std::vector<const MatchNode*>& around) {
        std::vector<Access> out(1);
        for (const MatchNode* child : ordered_children(node)) {
            const std::vector<Access> branch = ways(*child, around);
            if (branch.empty()) {
                return {};
            }
            std::vector<Access> grown;
            for (const Access& so_far : out) {
                for (const Access& way : branch) {
                    if (grown.size() < kUnionPlansMax) {
                        grown.push_back(so_far);
                        grown.back().branches.push_back(way);
                    }
                }
            }
            out = std::move(grown);
        }
        return out;
    }

    std::vector<Access> conjunction_ways(const MatchNode& node,
                                         std::vector<const MatchNode*>& around) {
        Conjunction all = conjunction_of(node);
        const bool lone = all.conditions.size() <= 1;
        std::vector<Access> out = ways_by_unions(all, around);
        all.conditions.insert(all.conditions.end(), outside_.begin(), outside_.end());
        const auto add = [&](const UsableIndex& usable) {
            if (usable.partial == nullptr || implied(*usable.partial, around)) {
                index_ways(all, usable.index, out);
            }
        };
        // Among equally good plans the first wins. For a lone condition MongoDB has the older index
        // first, for several that must all hold the younger.
        if (lone) {
            std::ranges::for_each(indexes_, add);
        } else {
            std::for_each(indexes_.rbegin(), indexes_.rend(), add);
        }
        return out;
    }

    // For each $or among the parts: what it gives, with the other parts tested on the documents.
    // Its branches may use the conditions around it to narrow the indexes that serve them.
    std::vector<Access> ways_by_unions(const Conjunction& all,
                                       std::vector<const MatchNode*>& around) {
        std::vector<Access> out;
        const std::size_t outside_before = outside_.size();
        for (Condition condition : all.conditions) {
            if (condition.direct) {
                condition.outside = true;
                outside_.push_back(std::move(condition));
            }
        }
        for (const std::size_t part : all.unions) {
            for (Access& way : ways(*all.parts[part], around)) {
                for (std::size_t other = 0; other < all.parts.size(); ++other) {
                    if (other != part) {
                        way.on_document.push_back(all.parts[other]);
                    }
                }
                out.push_back(std::move(way));
            }
        }
        outside_.resize(outside_before);
        return out;
    }

    static bool implied(const MatchNode& partial, const std::vector<const MatchNode*>& around) {
        return std::ranges::any_of(around,
                                   [&](const MatchNode* node) { return implies(*node, partial); });
    }

    static void index_ways(const Conjunction& all,
                           const IndexPtr& index,
                           std::vector<Access>& out) {
        const std::string& first_path = index->pattern.fields().front().path.dotted();
        if (std::ranges::none_of(all.conditions, [&](const Condition& condition) {
                return condition.path == first_path;
            })) {
            return;
        }
        const FieldConditions fitting = fitting_conditions(all, *index);
        if (fitting.front().empty() || !uses_inner(fitting)) {
            return;
        }
        if (!index->multikey) {
            out.push_back(make_access(all, index, fitting));
            return;
        }
        std::vector<FieldConditions> made;
        for (const Condition* first : fitting.front()) {
            FieldConditions bound = joinable(fitting, *first, *index);
            if (uses_inner(bound) && std::ranges::find(made, bound) == made.end()) {
                out.push_back(make_access(all, index, bound));
                made.push_back(std::move(bound));
            }
        }
    }

    // Whether any condition is of the conjunction itself: one that only narrows by what stands
    // around would find what a scan outside of the $or finds better.
    static bool uses_inner(const FieldConditions& bound) {
        return std::ranges::any_of(bound, [](const std::vector<const Condition*>& conditions) {
            return std::ranges::any_of(
                conditions, [](const Condition* condition) { return !condition->outside; });
        });
    }

    // For each field of the key the conditions that could bound it.
    static FieldConditions fitting_conditions(const Conjunction& all, const IndexState& index) {
        const auto& fields = index.pattern.fields();
        FieldConditions out(fields.size());
        for (std::size_t field = 0; field < fields.size(); ++field) {
            for (const Condition& condition : all.conditions) {
                if (condition.path == fields[field].path.dotted() &&
                    can_bound(*condition.node, index, field)) {
                    out[field].push_back(&condition);
                }
            }
        }
        return out;
    }

    // With `first` at the first field, as many of the others as may join it.
    static FieldConditions joinable(const FieldConditions& fitting,
                                    const Condition& first,
                                    const IndexState& index) {
        FieldConditions out(fitting.size());
        ArrayUse use;
        if (use.join(first, index, 0)) {
            out.front().push_back(&first);
        }
        for (std::size_t field = 0; field < fitting.size(); ++field) {
            for (const Condition* condition : fitting[field]) {
                if (condition != &first && use.join(*condition, index, field)) {
                    out[field].push_back(condition);
                }
            }
        }
        std::ranges::sort(out.front());
        return out;
    }

    static Access make_access(const Conjunction& all,
                              const IndexPtr& index,
                              const FieldConditions& bound) {
        Access out;
        out.index = index;
        const auto& fields = index->pattern.fields();
        std::vector<bool> settled(all.parts.size(), false);
        for (std::size_t field = 0; field < fields.size(); ++field) {
            std::optional<IntervalSet> set;
            for (const Condition* condition : bound[field]) {
                PredicateBounds found = predicate_bounds(*condition->node, *index, field);
                set = set ? intersect(*set, found.intervals) : std::move(found.intervals);
                if (!condition->direct || condition->outside ||
                    found.tightness == Tightness::Fetch ||
                    (found.tightness == Tightness::Covered && index->multikey)) {
                    continue;
                }
                settled[condition->owner] = true;
                if (found.tightness == Tightness::Covered) {
                    out.on_key.push_back(all.parts[condition->owner]);
                }
            }
            FieldBounds bounds{fields[field].path.dotted(),
                               set ? *std::move(set) : IntervalSet{Interval::everything()}};
            if (fields[field].order == bson::Order::Descending) {
                bounds.reverse();
            }
            out.bounds.fields.push_back(std::move(bounds));
        }
        for (std::size_t part = 0; part < all.parts.size(); ++part) {
            if (!settled[part]) {
                out.on_document.push_back(all.parts[part]);
            }
        }
        return out;
    }

    const std::vector<UsableIndex>& indexes_;
    std::vector<Condition> outside_;  // of the conjunctions around the $or being looked at
};

}  // namespace

std::vector<Access> find_accesses(const MatchNode& filter,
                                  const std::vector<UsableIndex>& indexes) {
    std::vector<const MatchNode*> around;
    return Finder{indexes}.ways(filter, around);
}

std::vector<Access> find_branch_accesses(const MatchNode& branch,
                                         const MatchNode& around,
                                         const std::vector<UsableIndex>& indexes) {
    std::vector<const MatchNode*> above{&around};
    return Finder{indexes}.ways(branch, above);
}

std::optional<MatchNode> all_of(const std::vector<const MatchNode*>& parts) {
    if (parts.empty()) {
        return std::nullopt;
    }
    if (parts.size() == 1) {
        return *parts.front();
    }
    MatchNode out;
    for (const MatchNode* part : parts) {
        out.children.push_back(*part);
    }
    return out;
}

PlanNodePtr build_access(Access access) {
    PlanNodePtr out;
    if (access.index != nullptr) {
        out = leaf(IndexScan{.index = access.index, .bounds = std::move(access.bounds)});
        out->filter = all_of(access.on_key);
    } else {
        out = leaf(Or{});
        for (Access& branch : access.branches) {
            out->children.push_back(build_access(std::move(branch)));
        }
    }
    if (access.on_document.empty()) {
        return out;
    }
    PlanNodePtr fetch = wrap(Fetch{}, std::move(out));
    fetch->filter = all_of(access.on_document);
    return fetch;
}

}  // namespace plumb::plan
