// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/implication.h"

#include "bson/compare.h"
#include "bson/type.h"

#include <algorithm>

namespace plumb::plan {
namespace {

using bson::ValueView;
using query::MatchKind;
using query::MatchNode;

bool same_class(ValueView a, ValueView b) {
    return bson::canonical_class(a.type()) == bson::canonical_class(b.type());
}

// Whether `value`, if it is what the document holds, meets a comparison of the filter.
bool value_meets(ValueView value, const MatchNode& filter) {
    if (filter.kind == MatchKind::In) {
        return std::ranges::any_of(
            filter.values, [&](const bson::Value& each) { return bson::equal(each, value); });
    }
    if (!same_class(value, filter.operand)) {
        return false;
    }
    const int order = bson::compare(value, filter.operand);
    switch (filter.kind) {
        case MatchKind::Eq:
            return order == 0;
        case MatchKind::Lt:
            return order < 0;
        case MatchKind::Lte:
            return order <= 0;
        case MatchKind::Gt:
            return order > 0;
        case MatchKind::Gte:
            return order >= 0;
        default:
            return false;
    }
}

// {a: {$lt: 3}} implies {a: {$lt: 5}}.
bool range_implies(const MatchNode& query, const MatchNode& filter) {
    const bool below = query.kind == MatchKind::Lt || query.kind == MatchKind::Lte;
    const bool filter_below = filter.kind == MatchKind::Lt || filter.kind == MatchKind::Lte;
    if (below != filter_below || !same_class(query.operand, filter.operand)) {
        return false;
    }
    const int order = bson::compare(query.operand, filter.operand);
    if (order == 0) {
        const bool strict = query.kind == MatchKind::Lt || query.kind == MatchKind::Gt;
        const bool filter_strict = filter.kind == MatchKind::Lt || filter.kind == MatchKind::Gt;
        return strict || !filter_strict;
    }
    return below ? order < 0 : order > 0;
}

bool is_range(MatchKind kind) {
    return kind == MatchKind::Lt || kind == MatchKind::Lte || kind == MatchKind::Gt ||
           kind == MatchKind::Gte;
}

bool demands_existence(const MatchNode& query) {
    switch (query.kind) {
        case MatchKind::Eq:
        case MatchKind::Lt:
        case MatchKind::Lte:
        case MatchKind::Gt:
        case MatchKind::Gte:
            return !query.operand.view().nullish();
        case MatchKind::In:
            return std::ranges::none_of(
                query.values, [](const bson::Value& value) { return value.view().nullish(); });
        case MatchKind::Not: {
            const MatchNode& child = query.children.front();
            return child.kind == MatchKind::Eq && child.operand.view().nullish();
        }
        case MatchKind::Regex:
        case MatchKind::Exists:
        case MatchKind::Type:
        case MatchKind::Size:
        case MatchKind::Mod:
        case MatchKind::BitsAllSet:
        case MatchKind::BitsAllClear:
        case MatchKind::BitsAnySet:
        case MatchKind::BitsAnyClear:
        case MatchKind::ElemMatchObject:
        case MatchKind::ElemMatchValue:
            return true;
        default:
            return false;
    }
}

const bson::Path& path_of(const MatchNode& node) {
    return node.kind == MatchKind::Not && !node.children.empty() ? node.children.front().path
                                                                 : node.path;
}

bool condition_implies(const MatchNode& query, const MatchNode& filter) {
    if (path_of(query).dotted() != path_of(filter).dotted()) {
        return false;
    }
    if (filter.kind == MatchKind::Exists) {
        return demands_existence(query);
    }
    if (filter.kind == MatchKind::Type) {
        return query.kind == MatchKind::Type && query.types == filter.types &&
               query.any_number == filter.any_number;
    }
    if (query.kind == MatchKind::Eq) {
        return value_meets(query.operand, filter);
    }
    if (query.kind == MatchKind::In && query.regexes.empty()) {
        return !query.values.empty() &&
               std::ranges::all_of(query.values, [&](const bson::Value& value) {
                   return value_meets(value, filter);
               });
    }
    return is_range(query.kind) && is_range(filter.kind) && range_implies(query, filter);
}

}  // namespace

bool implies(const MatchNode& query, const MatchNode& filter) {
    if (filter.kind == MatchKind::And) {
        return std::ranges::all_of(filter.children,
                                   [&](const MatchNode& part) { return implies(query, part); });
    }
    if (query.kind == MatchKind::Or) {
        return std::ranges::all_of(
            query.children, [&](const MatchNode& branch) { return implies(branch, filter); });
    }
    if (filter.kind == MatchKind::Or &&
        std::ranges::any_of(filter.children,
                            [&](const MatchNode& part) { return implies(query, part); })) {
        return true;
    }
    if (query.kind == MatchKind::And) {
        return std::ranges::any_of(query.children,
                                   [&](const MatchNode& part) { return implies(part, filter); });
    }
    return condition_implies(query, filter);
}

}  // namespace plumb::plan
