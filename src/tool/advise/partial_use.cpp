// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/partial_use.h"

#include "bson/compare.h"
#include "bson/type.h"
#include "engine/query/matcher.h"

#include <algorithm>

namespace plumb::advise {
namespace {

using query::MatchKind;
using query::MatchNode;

bool is_comparison(MatchKind kind) {
    switch (kind) {
        case MatchKind::Eq:
        case MatchKind::Lt:
        case MatchKind::Lte:
        case MatchKind::Gt:
        case MatchKind::Gte:
            return true;
        default:
            return false;
    }
}

// Whether a document that holds `value` meets a comparison.
bool meets(bson::ValueView value, const MatchNode& filter) {
    if (!is_comparison(filter.kind) || bson::canonical_class(value.type()) !=
                                           bson::canonical_class(filter.operand.view().type())) {
        return false;
    }
    const int order = bson::compare(value, filter.operand.view());
    switch (filter.kind) {
        case MatchKind::Lt:
            return order < 0;
        case MatchKind::Lte:
            return order <= 0;
        case MatchKind::Gt:
            return order > 0;
        case MatchKind::Gte:
            return order >= 0;
        default:
            return order == 0;
    }
}

bool is_upper(MatchKind kind) {
    return kind == MatchKind::Lt || kind == MatchKind::Lte;
}

bool is_strict(MatchKind kind) {
    return kind == MatchKind::Lt || kind == MatchKind::Gt;
}

// {a: {$lt: 3}} implies {a: {$lt: 5}}.
bool range_implies(const MatchNode& query, const MatchNode& filter) {
    const bool equality = query.kind == MatchKind::Eq || filter.kind == MatchKind::Eq;
    if (equality || !is_comparison(query.kind) || !is_comparison(filter.kind) ||
        is_upper(query.kind) != is_upper(filter.kind) ||
        bson::canonical_class(query.operand.view().type()) !=
            bson::canonical_class(filter.operand.view().type())) {
        return false;
    }
    const int order = bson::compare(query.operand.view(), filter.operand.view());
    if (order == 0) {
        return is_strict(query.kind) || !is_strict(filter.kind);
    }
    return is_upper(query.kind) ? order < 0 : order > 0;
}

bool demands_existence(const MatchNode& query) {
    if (is_comparison(query.kind)) {
        return !query.operand.view().nullish();
    }
    if (query.kind == MatchKind::In) {
        return std::ranges::none_of(
            query.values, [](const bson::Value& value) { return value.view().nullish(); });
    }
    return query.kind == MatchKind::Exists || query.kind == MatchKind::Type ||
           query.kind == MatchKind::Regex;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the filter, which the parser bounds
bool node_implies(const MatchNode& query, const MatchNode& filter) {
    if (query.kind == MatchKind::And) {
        return std::ranges::any_of(
            query.children, [&](const MatchNode& part) { return node_implies(part, filter); });
    }
    if (query.path.dotted() != filter.path.dotted()) {
        return false;
    }
    switch (filter.kind) {
        case MatchKind::Exists:
            return demands_existence(query);
        case MatchKind::Type:
            return query.kind == MatchKind::Type && query.types == filter.types &&
                   query.any_number == filter.any_number;
        default:
            break;
    }
    if (query.kind == MatchKind::Eq) {
        return meets(query.operand.view(), filter);
    }
    if (query.kind == MatchKind::In) {
        return query.regexes.empty() && !query.values.empty() &&
               std::ranges::all_of(query.values, [&](const bson::Value& value) {
                   return meets(value.view(), filter);
               });
    }
    return range_implies(query, filter);
}

// Each instance's condition on the filter's path implies it.
bool condition_implies_always(const Condition& condition, const MatchNode& filter) {
    const bson::Document* last = nullptr;
    for (const bson::Document& each : condition.filters) {
        if (last != nullptr && last->view().raw() == each.view().raw()) {
            continue;
        }
        last = &each;
        const auto parsed = query::Matcher::parse(each);
        if (!parsed.ok() || !node_implies(parsed->root(), filter)) {
            return false;
        }
    }
    return last != nullptr;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the filter, which the parser bounds
bool implied(const QueryModel& model, const Branch& branch, const MatchNode& filter) {
    if (filter.kind == MatchKind::And) {
        return std::ranges::all_of(
            filter.children, [&](const MatchNode& part) { return implied(model, branch, part); });
    }
    const Condition* own = branch.find(filter.path.dotted());
    const Condition* outer = model.whole.find(filter.path.dotted());
    return (own != nullptr && condition_implies_always(*own, filter)) ||
           (outer != nullptr && condition_implies_always(*outer, filter));
}

}  // namespace

bool implies(const QueryModel& model, const Branch& branch, bson::View partial) {
    const auto filter = query::Matcher::parse(partial);
    return filter.ok() && implied(model, branch, filter->root());
}

bool condition_implies(bson::View condition, bson::View partial) {
    const auto query = query::Matcher::parse(condition);
    const auto filter = query::Matcher::parse(partial);
    return query.ok() && filter.ok() && node_implies(query->root(), filter->root());
}

}  // namespace plumb::advise
