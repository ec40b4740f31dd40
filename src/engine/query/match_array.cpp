// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/number.h"
#include "engine/query/match_internal.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::query {
namespace {

using bson::Element;
using bson::Path;
using bson::Type;
using bson::ValueView;
using bson::View;

// {$gt: 1} asks the element itself; {$or: […]} and {x: 1} ask its fields.
bool asks_the_element(View conditions) {
    if (conditions.empty()) {
        return false;
    }
    const std::string_view first = conditions.front().name;
    const bool on_fields = first == "$and" || first == "$or" || first == "$nor" ||
                           first == "$where" || first == "$ref" || first == "$id" ||
                           first == "$db" || !first.starts_with('$');
    return !on_fields;
}

bool is_elem_match(ValueView value) {
    return value.type() == Type::Document && !value.as_document().empty() &&
           value.as_document().front().name == "$elemMatch";
}

Result<MatchNode> parse_all_of_elem_match(const FieldOperator& op) {
    std::vector<MatchNode> children;
    for (const Element& element : op.operand.as_array()) {
        if (!is_elem_match(element.value) || element.value.as_document().count() != 1) {
            return fail(ErrorCode::BadValue, "$all/$elemMatch has to be consistent");
        }
        const Element inner = element.value.as_document().front();
        const FilterScope scope = op.scope.deeper();
        PLUMB_TRY(child,
                  parse_elem_match(
                      {inner.name, op.path, inner.value, element.value.as_document(), scope}));
        children.push_back(std::move(child));
    }
    return make_and(std::move(children));
}

}  // namespace

Result<MatchNode> parse_size(const FieldOperator& op) {
    const auto size = op.operand.is_number() ? bson::to_exact_int64(op.operand) : std::nullopt;
    if (!size || *size < 0) {
        return fail(ErrorCode::BadValue, "$size needs an integer of 0 or more");
    }
    MatchNode node = make_leaf(MatchKind::Size, op.path);
    node.number = *size;
    return node;
}

Result<MatchNode> parse_elem_match(const FieldOperator& op) {
    if (op.operand.type() != Type::Document) {
        return fail(ErrorCode::BadValue, "$elemMatch needs an Object");
    }
    const View conditions = op.operand.as_document();
    FilterScope inner = op.scope.deeper();
    inner.whole_document = false;
    if (!asks_the_element(conditions)) {
        PLUMB_TRY(child, parse_filter(conditions, inner));
        MatchNode node = make_leaf(MatchKind::ElemMatchObject, op.path);
        node.children.push_back(std::move(child));
        return node;
    }
    PLUMB_TRY(child, parse_field_operators(conditions, Path{}, inner));
    MatchNode node = make_leaf(MatchKind::ElemMatchValue, op.path);
    if (child.kind == MatchKind::And) {
        node.children = std::move(child.children);
    } else {
        node.children.push_back(std::move(child));
    }
    return node;
}

Result<MatchNode> parse_all(const FieldOperator& op) {
    if (op.operand.type() != Type::Array) {
        return fail(ErrorCode::BadValue, "$all needs an array");
    }
    const bson::ArrayView wanted = op.operand.as_array();
    if (wanted.empty()) {
        return make_leaf(MatchKind::AlwaysFalse, {});
    }
    if (is_elem_match(wanted.at(0))) {
        return parse_all_of_elem_match(op);
    }
    std::vector<MatchNode> children;
    for (const Element& element : wanted) {
        if (is_operator_document(element.value)) {
            return fail(ErrorCode::BadValue, "no $ expressions in $all");
        }
        if (element.value.type() == Type::Regex) {
            const bson::RegexView regex = element.value.as_regex();
            PLUMB_TRY(child, make_regex(op.path, regex.pattern, regex.options));
            children.push_back(std::move(child));
        } else {
            PLUMB_TRY(child, make_equality(op.path, element.value));
            children.push_back(std::move(child));
        }
    }
    return make_and(std::move(children));
}

}  // namespace plumb::query
