// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/compare.h"
#include "engine/query/match_internal.h"
#include "engine/query/regex.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace plumb::query {
namespace {

using bson::Element;
using bson::Path;
using bson::Type;
using bson::ValueView;

struct ComparisonRow {
    std::string_view name;
    MatchKind kind;
};

constexpr auto kComparisons = std::to_array<ComparisonRow>({
    {"$eq", MatchKind::Eq},
    {"$gt", MatchKind::Gt},
    {"$gte", MatchKind::Gte},
    {"$lt", MatchKind::Lt},
    {"$lte", MatchKind::Lte},
});

MatchKind kind_of(std::string_view name) {
    return std::find_if(kComparisons.begin(),
                        kComparisons.end(),
                        [name](const ComparisonRow& row) { return row.name == name; })
        ->kind;
}

bool is_nan(ValueView value) {
    return (value.type() == Type::Double && std::isnan(value.as_double())) ||
           (value.type() == Type::Decimal128 && bson::decimal_is_nan(value.as_decimal()));
}

bool includes_equal(MatchKind kind) {
    return kind == MatchKind::Eq || kind == MatchKind::Lte || kind == MatchKind::Gte;
}

// Values of two classes are not ordered, except against the two ends of the order; missing is null.
bool test_across_classes(MatchKind kind, ValueView operand, ValueView value) {
    if (operand.nullish() && value.nullish()) {
        return includes_equal(kind);
    }
    const bool less = kind == MatchKind::Lt || kind == MatchKind::Lte;
    const bool greater = kind == MatchKind::Gt || kind == MatchKind::Gte;
    return (operand.type() == Type::MaxKey && less) || (operand.type() == Type::MinKey && greater);
}

Result<MatchNode> make_comparison(MatchKind kind, const Path& path, ValueView operand) {
    if (operand.type() == Type::Undefined) {
        return fail(ErrorCode::BadValue, "cannot compare to undefined");
    }
    MatchNode node = make_leaf(kind, path);
    node.operand = bson::Value{operand};
    return node;
}

void sort_and_unique(std::vector<bson::Value>& values) {
    const auto less = [](const bson::Value& a, const bson::Value& b) {
        return bson::compare(a.view(), b.view()) < 0;
    };
    const auto same = [](const bson::Value& a, const bson::Value& b) {
        return bson::compare(a.view(), b.view()) == 0;
    };
    std::stable_sort(values.begin(), values.end(), less);
    values.erase(std::unique(values.begin(), values.end(), same), values.end());
}

Status add_member(ValueView value, MatchNode& node) {
    if (is_operator_document(value)) {
        return fail(ErrorCode::BadValue, "cannot nest $ under $in");
    }
    if (value.type() == Type::Undefined) {
        return fail(ErrorCode::BadValue, "$in cannot hold undefined");
    }
    if (value.type() != Type::Regex) {
        node.values.emplace_back(value);
        return {};
    }
    const bson::RegexView regex = value.as_regex();
    PLUMB_TRY(compiled, Regex::compile(regex.pattern, regex.options));
    node.regexes.push_back(std::move(compiled));
    return {};
}

}  // namespace

Result<MatchNode> make_equality(const Path& path, ValueView operand) {
    return make_comparison(MatchKind::Eq, path, operand);
}

Result<MatchNode> parse_comparison(const FieldOperator& op) {
    const MatchKind kind = kind_of(op.name);
    if (op.operand.type() == Type::Regex && kind != MatchKind::Eq) {
        return fail(ErrorCode::BadValue,
                    fmt::format("a regular expression cannot be an argument of {}", op.name));
    }
    return make_comparison(kind, op.path, op.operand);
}

Result<MatchNode> parse_not_equal(const FieldOperator& op) {
    if (op.operand.type() == Type::Regex) {
        return fail(ErrorCode::BadValue, "a regular expression cannot be an argument of $ne");
    }
    PLUMB_TRY(child, make_equality(op.path, op.operand));
    return make_not(op.path, std::move(child));
}

Result<MatchNode> parse_in(const FieldOperator& op) {
    if (op.operand.type() != Type::Array) {
        return fail(ErrorCode::BadValue, fmt::format("{} needs an array", op.name));
    }
    MatchNode node = make_leaf(MatchKind::In, op.path);
    for (const Element& element : op.operand.as_array()) {
        PLUMB_CHECK(add_member(element.value, node));
    }
    sort_and_unique(node.values);
    // 4.2 plans and prints a list of one as what it is.
    if (node.values.size() == 1 && node.regexes.empty()) {
        return make_equality(op.path, node.values.front());
    }
    if (node.values.empty() && node.regexes.size() == 1) {
        node.kind = MatchKind::Regex;
    }
    return node;
}

Result<MatchNode> parse_not_in(const FieldOperator& op) {
    PLUMB_TRY(child, parse_in(op));
    return make_not(op.path, std::move(child));
}

bool test_comparison(const MatchNode& node, ValueView value) {
    const ValueView operand = node.operand.view();
    if (bson::canonical_class(operand.type()) != bson::canonical_class(value.type())) {
        return test_across_classes(node.kind, operand, value);
    }
    if (operand.is_number() && (is_nan(operand) || is_nan(value))) {
        return includes_equal(node.kind) && is_nan(operand) && is_nan(value);
    }
    const int order = bson::compare(value, operand);
    switch (node.kind) {
        case MatchKind::Eq:
            return order == 0;
        case MatchKind::Lt:
            return order < 0;
        case MatchKind::Lte:
            return order <= 0;
        case MatchKind::Gt:
            return order > 0;
        default:
            return order >= 0;
    }
}

bool test_in(const MatchNode& node, ValueView value) {
    static constexpr ValueView kNull{Type::Null, nullptr, 0};
    const ValueView wanted = value.missing() ? kNull : value;
    const auto found = std::lower_bound(
        node.values.begin(), node.values.end(), wanted, [](const bson::Value& a, ValueView b) {
            return bson::compare(a.view(), b) < 0;
        });
    if (found != node.values.end() && bson::compare(found->view(), wanted) == 0) {
        return true;
    }
    return std::any_of(node.regexes.begin(), node.regexes.end(), [value](const auto& regex) {
        return test_regex(*regex, value);
    });
}

}  // namespace plumb::query
