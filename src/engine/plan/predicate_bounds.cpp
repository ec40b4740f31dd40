// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/predicate_bounds.h"

#include "bson/compare.h"
#include "bson/document.h"
#include "bson/hashed_index.h"
#include "bson/number.h"
#include "engine/plan/regex_prefix.h"
#include "engine/plan/type_range.h"
#include "engine/query/regex.h"

#include <algorithm>
#include <cmath>

namespace plumb::plan {
namespace {

using bson::Type;
using bson::Value;
using bson::ValueView;
using query::MatchKind;
using query::MatchNode;
using storage::IndexState;

bool path_is_multikey(const IndexState& index, std::size_t field) {
    return field < index.multikey_paths.size() && !index.multikey_paths[field].empty();
}

bool is_nan(ValueView value) {
    return value.is_number() && std::isnan(bson::to_double(value));
}

// Types whose values stand in an index exactly once for each document that holds them.
bool is_exact_type(Type type) {
    switch (type) {
        case Type::Double:
        case Type::Int32:
        case Type::Int64:
        case Type::Decimal128:
        case Type::String:
        case Type::Symbol:
        case Type::Bool:
        case Type::Date:
        case Type::Timestamp:
        case Type::ObjectId:
        case Type::Binary:
            return true;
        default:
            return false;
    }
}

Tightness looser(Tightness a, Tightness b) {
    return std::max(a, b);
}

PredicateBounds everything(Tightness tightness) {
    return {{Interval::everything()}, tightness};
}

PredicateBounds equality_bounds(ValueView value) {
    if (value.nullish()) {
        return {{Interval::point(Value::undefined()), Interval::point(Value::null())},
                Tightness::Fetch};
    }
    if (value.type() == Type::Array) {
        // The array may be an element of the stored array, or be it, and then its first element is
        // among the keys.
        const ValueView first = value.as_array().at(0);
        return {unite({Interval::point(first.missing() ? ValueView{Value::undefined()} : first),
                       Interval::point(value)}),
                Tightness::Fetch};
    }
    return {{Interval::point(value)}, Tightness::Exact};
}

struct Comparison {
    bool less;       // $lt, $lte
    bool inclusive;  // $lte, $gte
};

Comparison comparison_of(MatchKind kind) {
    return {.less = kind == MatchKind::Lt || kind == MatchKind::Lte,
            .inclusive = kind == MatchKind::Lte || kind == MatchKind::Gte};
}

PredicateBounds comparison_bounds(MatchKind kind, ValueView value) {
    const Comparison comparison = comparison_of(kind);
    if (value.type() == Type::MinKey || value.type() == Type::MaxKey) {
        // These compare with every type, and a bound of 4.2 takes in the ends.
        const bool everything_meets = comparison.less == (value.type() == Type::MaxKey);
        return {everything_meets ? IntervalSet{Interval::everything()}
                                 : IntervalSet{Interval::point(value)},
                everything_meets || comparison.inclusive ? Tightness::Exact : Tightness::Fetch};
    }
    if (is_nan(value)) {
        if (!comparison.inclusive) {
            return {};
        }
        return {{Interval::point(value)}, Tightness::Exact};
    }
    Interval interval = type_range(value.type());
    (comparison.less ? interval.high : interval.low) = Value{value};
    (comparison.less ? interval.high_inclusive : interval.low_inclusive) = comparison.inclusive;
    return {unite({std::move(interval)}),
            is_exact_type(value.type()) ? Tightness::Exact : Tightness::Fetch};
}

// The smallest string that is greater than every string beginning with `prefix`.
std::string after_prefix(std::string prefix) {
    while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xFF) {
        prefix.pop_back();
    }
    if (!prefix.empty()) {
        prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
    }
    return prefix;
}

PredicateBounds regex_bounds(const query::Regex& regex) {
    const RegexPrefix prefix = regex_prefix(regex.pattern(), regex.options());
    Interval strings = type_range(Type::String);
    if (!prefix.text.empty()) {
        strings.low = Value{prefix.text};
        strings.high = Value{after_prefix(prefix.text)};
    }
    bson::Builder builder;
    builder.append_regex("", {regex.pattern(), regex.options()});
    const bson::Document holder = builder.finish();
    return {unite({std::move(strings), Interval::point(holder.view().front().value)}),
            prefix.exact ? Tightness::Exact : Tightness::Covered};
}

PredicateBounds in_bounds(const MatchNode& node) {
    std::vector<Interval> intervals;
    Tightness tightness = Tightness::Exact;
    const auto add = [&](PredicateBounds bounds) {
        tightness = looser(tightness, bounds.tightness);
        std::ranges::move(bounds.intervals, std::back_inserter(intervals));
    };
    for (const Value& value : node.values) {
        add(equality_bounds(value));
    }
    for (const auto& regex : node.regexes) {
        add(regex_bounds(*regex));
    }
    return {unite(std::move(intervals)), tightness};
}

PredicateBounds type_bounds(const MatchNode& node) {
    std::vector<Interval> intervals;
    if (node.any_number) {
        intervals.push_back(all_numbers());
    }
    for (const Type type : node.types) {
        if (type == Type::Array) {
            return everything(Tightness::Fetch);
        }
        intervals.push_back(bson::is_number(type) ? all_numbers() : type_range(type));
    }
    return {unite(std::move(intervals)),
            node.any_number && node.types.empty() ? Tightness::Exact : Tightness::Fetch};
}

bool holds_null(const MatchNode& node) {
    switch (node.kind) {
        case MatchKind::Eq:
        case MatchKind::Lte:
        case MatchKind::Gte:
            return node.operand.view().nullish();
        case MatchKind::In:
            return std::ranges::any_of(node.values,
                                       [](const Value& value) { return value.view().nullish(); });
        default:
            return false;
    }
}

bool holds_array(const MatchNode& node) {
    return node.operand.type() == Type::Array ||
           std::ranges::any_of(node.values,
                               [](const Value& value) { return value.type() == Type::Array; });
}

// Conditions that the value itself meets, as a key of the index shows it.
bool is_value_condition(const MatchNode& node) {
    switch (node.kind) {
        case MatchKind::Eq:
        case MatchKind::Lt:
        case MatchKind::Lte:
        case MatchKind::Gt:
        case MatchKind::Gte:
        case MatchKind::In:
        case MatchKind::Regex:
        case MatchKind::Mod:
        case MatchKind::Exists:
        case MatchKind::Type:
            return true;
        default:
            return false;
    }
}

bool is_positive_kind(const MatchNode& node) {
    return is_value_condition(node) || (node.kind == MatchKind::ElemMatchValue &&
                                        std::ranges::any_of(node.children, is_value_condition));
}

PredicateBounds positive_bounds(const MatchNode& node);

PredicateBounds element_bounds(const MatchNode& node) {
    PredicateBounds out = everything(Tightness::Fetch);
    for (const MatchNode& child : node.children) {
        if (is_value_condition(child)) {
            out.intervals = intersect(out.intervals, positive_bounds(child).intervals);
        }
    }
    return out;
}

PredicateBounds positive_bounds(const MatchNode& node) {
    switch (node.kind) {
        case MatchKind::Eq:
            return equality_bounds(node.operand);
        case MatchKind::Lt:
        case MatchKind::Lte:
        case MatchKind::Gt:
        case MatchKind::Gte:
            return comparison_bounds(node.kind, node.operand);
        case MatchKind::In:
            return in_bounds(node);
        case MatchKind::Regex:
            return regex_bounds(*node.regexes.front());
        case MatchKind::Mod:
            return {{all_numbers()}, Tightness::Covered};
        case MatchKind::Type:
            return type_bounds(node);
        case MatchKind::ElemMatchValue:
            return element_bounds(node);
        default:
            return everything(Tightness::Fetch);
    }
}

// Whether "not this" is the complement of the intervals of this.
bool can_negate(const MatchNode& child, const IndexState& index, std::size_t field) {
    if (child.kind == MatchKind::Exists) {
        return !index.spec.sparse;
    }
    const bool null = holds_null(child);
    if (index.spec.sparse && !null) {
        return false;
    }
    switch (child.kind) {
        case MatchKind::Eq:
        case MatchKind::In:
            return child.regexes.empty() && !holds_array(child) &&
                   !(null && path_is_multikey(index, field));
        case MatchKind::Lt:
        case MatchKind::Lte:
        case MatchKind::Gt:
        case MatchKind::Gte:
            return is_exact_type(child.operand.type());
        default:
            return false;
    }
}

PredicateBounds negated_bounds(const MatchNode& child, const IndexState& index) {
    if (child.kind == MatchKind::Exists) {
        return {{Interval::point(Value::null())}, Tightness::Fetch};
    }
    std::vector<Interval> excluded = positive_bounds(child).intervals;
    if (holds_null(child)) {
        // Undefined and null are neighbours: no gap is worth a look between them.
        excluded.push_back({.low = Value::undefined(), .high = Value::null()});
    }
    return {complement(unite(std::move(excluded))),
            index.multikey ? Tightness::Fetch : Tightness::Exact};
}

PredicateBounds hashed_bounds(const MatchNode& node) {
    std::vector<Interval> intervals;
    if (node.kind == MatchKind::Eq) {
        intervals.push_back(Interval::point(Value{bson::hashed_index_value(node.operand)}));
    }
    for (const Value& value : node.values) {
        intervals.push_back(Interval::point(Value{bson::hashed_index_value(value)}));
    }
    return {unite(std::move(intervals)), Tightness::Fetch};
}

}  // namespace

bool can_bound(const MatchNode& node, const IndexState& index, std::size_t field) {
    if (index.pattern.fields()[field].hashed) {
        return (node.kind == MatchKind::Eq ||
                (node.kind == MatchKind::In && node.regexes.empty())) &&
               !holds_array(node);
    }
    if (node.kind == MatchKind::Not) {
        return can_negate(node.children.front(), index, field);
    }
    return is_positive_kind(node) && !(index.spec.sparse && holds_null(node));
}

PredicateBounds predicate_bounds(const MatchNode& node,
                                 const IndexState& index,
                                 std::size_t field) {
    if (index.pattern.fields()[field].hashed) {
        return hashed_bounds(node);
    }
    if (node.kind == MatchKind::Not) {
        return negated_bounds(node.children.front(), index);
    }
    PredicateBounds out = positive_bounds(node);
    if (node.kind == MatchKind::Exists && index.spec.sparse && index.pattern.fields().size() == 1) {
        out.tightness = Tightness::Exact;
    }
    return out;
}

}  // namespace plumb::plan
