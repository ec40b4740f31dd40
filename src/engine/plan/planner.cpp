// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/planner.h"

#include "engine/plan/access.h"
#include "engine/plan/condition.h"
#include "engine/plan/finish.h"
#include "engine/plan/implication.h"
#include "engine/plan/index_choice.h"
#include "engine/plan/key_limits.h"
#include "engine/plan/sort_order.h"
#include "engine/plan/special_scan.h"

#include <algorithm>

namespace plumb::plan {
namespace {

using query::MatchKind;
using query::MatchNode;
using Plans = std::vector<PlanNodePtr>;

std::optional<MatchNode> filter_of(const QueryRequest& request) {
    const MatchNode& root = *request.filter;
    if (root.kind == MatchKind::And && root.children.empty()) {
        return std::nullopt;
    }
    return root;
}

// An _id that one entry of the _id index answers.
bool is_lookup_value(bson::ValueView id) {
    return !id.nullish() && id.type() != bson::Type::Array && id.type() != bson::Type::Regex;
}

PlanNodePtr id_lookup(const QueryRequest& request, const storage::CollectionState& collection) {
    const MatchNode& root = *request.filter;
    const bool plain = root.kind == MatchKind::Eq && root.path.dotted() == "_id" &&
                       is_lookup_value(root.operand) && request.hint.missing() && !request.min &&
                       !request.max && request.skip.value_or(0) == 0 && !request.show_record_id &&
                       !request.return_key;
    const IndexPtr index = plain ? collection.find_index("_id_") : nullptr;
    if (index == nullptr || index->spec.hidden) {
        return nullptr;
    }
    QueryRequest rest = request;
    rest.sort = bson::View{};
    rest.limit.reset();
    return finish(leaf(IdLookup{index, root.operand}), rest);
}

PlanNodePtr collection_scan(const QueryRequest& request, storage::Direction direction) {
    PlanNodePtr scan = leaf(CollectionScan{direction});
    scan->filter = filter_of(request);
    return finish(std::move(scan), request);
}

// All of an index, with the filter tested on the documents.
PlanNodePtr filtered_whole_scan(const QueryRequest& request, const IndexPtr& index) {
    PlanNodePtr scan = leaf(whole_scan(index));
    if (std::optional<MatchNode> filter = filter_of(request)) {
        scan = wrap(Fetch{}, std::move(scan));
        scan->filter = std::move(filter);
    }
    return scan;
}

bool sorts_by_stage(const PlanNodePtr& plan) {
    return find_node<Sort>(*plan) != nullptr;
}

// If no plan has the order from an index, whole indexes that have it are worth a try.
void add_whole_scans(const QueryRequest& request, const IndexChoice& choice, Plans& plans) {
    if (request.sort.empty() || is_natural(request.sort) ||
        std::ranges::any_of(plans, [](const PlanNodePtr& plan) { return !sorts_by_stage(plan); })) {
        return;
    }
    for (const UsableIndex& usable : choice.usable) {
        if (usable.index->spec.sparse ||
            (usable.partial != nullptr && !implies(*request.filter, *usable.partial))) {
            continue;
        }
        PlanNodePtr scan = filtered_whole_scan(request, usable.index);
        if (order_by_index(scan, request.sort)) {
            plans.push_back(finish(std::move(scan), request));
        }
    }
}

void add_plan(PlanNodePtr plan, Plans& plans) {
    if (plan != nullptr) {
        plans.push_back(std::move(plan));
    }
}

// The best way for each branch of the $or at the root, or nothing if a branch has none.
Result<std::optional<Access>> choose_branches(const QueryRequest& request,
                                              const IndexChoice& choice,
                                              const ChoosePlan& choose) {
    Access whole;
    for (const MatchNode* branch : ordered_children(*request.filter)) {
        std::vector<Access> ways = find_branch_accesses(*branch, *request.filter, choice.usable);
        if (ways.empty()) {
            return std::optional<Access>{};
        }
        std::size_t best = 0;
        if (ways.size() > 1) {
            QueryRequest alone;
            alone.filter = branch;
            Plans plans;
            for (const Access& way : ways) {
                plans.push_back(finish(build_access(way), alone));
            }
            PLUMB_TRY(chosen, choose(plans));
            best = chosen;
        }
        whole.branches.push_back(std::move(ways[best]));
    }
    return std::optional<Access>{std::move(whole)};
}

Plans ordinary_plans(const QueryRequest& request, const IndexChoice& choice) {
    Plans plans;
    if (!choice.natural) {
        for (Access& access : find_accesses(*request.filter, choice.usable)) {
            add_plan(finish(build_access(std::move(access)), request), plans);
        }
        add_whole_scans(request, choice, plans);
        if (plans.empty() && choice.hinted != nullptr) {
            add_plan(finish(filtered_whole_scan(request, choice.hinted), request), plans);
        }
    }
    if (plans.empty() && choice.hinted == nullptr) {
        add_plan(collection_scan(request, choice.natural.value_or(storage::Direction::Forward)),
                 plans);
    }
    if (request.purpose == QueryRequest::Purpose::Count) {
        std::ranges::for_each(plans, count_by_scan);
    }
    return plans;
}

bool plans_by_branch(const QueryRequest& request, const IndexChoice& choice) {
    return request.filter->kind == MatchKind::Or && choice.hinted == nullptr && !choice.natural;
}

Result<Plans> branch_plans(const QueryRequest& request,
                           const IndexChoice& choice,
                           const ChoosePlan& choose) {
    PLUMB_TRY(whole, choose_branches(request, choice, choose));
    Plans plans;
    if (whole) {
        add_plan(finish(build_access(*std::move(whole)), request), plans);
    }
    if (plans.empty()) {
        plans = ordinary_plans(request, choice);
    }
    for (PlanNodePtr& plan : plans) {
        plan = wrap(Subplan{}, std::move(plan));
    }
    return plans;
}

Result<Plans> limited_plan(const QueryRequest& request, const IndexChoice& choice) {
    if (choice.hinted == nullptr) {
        return fail(ErrorCode{51173}, "min and max need a hint that names their index");
    }
    PLUMB_TRY(range, key_limits(*choice.hinted, request.min, request.max));
    IndexScan scan{.index = choice.hinted};
    scan.bounds.range = std::move(range);
    PlanNodePtr root = leaf(std::move(scan));
    if (std::optional<MatchNode> filter = filter_of(request)) {
        root = wrap(Fetch{}, std::move(root));
        root->filter = std::move(filter);
    }
    Plans plans;
    add_plan(finish(std::move(root), request), plans);
    return plans;
}

}  // namespace

Result<Plans> plan_query(const QueryRequest& request,
                         const storage::CollectionState& collection,
                         const ChoosePlan& choose) {
    Plans plans;
    if (request.purpose != QueryRequest::Purpose::Distinct) {
        if (PlanNodePtr lookup = id_lookup(request, collection)) {
            plans.push_back(std::move(lookup));
            return plans;
        }
    }
    PLUMB_TRY(choice, choose_indexes(request, collection));
    if (request.min || request.max) {
        return limited_plan(request, choice);
    }
    if (request.purpose == QueryRequest::Purpose::Distinct) {
        if (PlanNodePtr distinct = plan_distinct(request, choice)) {
            plans.push_back(std::move(distinct));
            return plans;
        }
        if (request.distinct_only) {
            return plans;
        }
        QueryRequest plain = request;
        plain.purpose = QueryRequest::Purpose::Find;
        plain.projection = bson::View{};
        plain.parsed_projection = nullptr;
        return plan_query(plain, collection, choose);
    }
    if (plans_by_branch(request, choice)) {
        return branch_plans(request, choice, choose);
    }
    return ordinary_plans(request, choice);
}

}  // namespace plumb::plan
