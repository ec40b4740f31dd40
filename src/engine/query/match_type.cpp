// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/number.h"
#include "engine/query/match_internal.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::query {
namespace {

using bson::Element;
using bson::Type;
using bson::ValueView;

void add_type(Type type, MatchNode& node) {
    if (std::find(node.types.begin(), node.types.end(), type) == node.types.end()) {
        node.types.push_back(type);
    }
}

Status read_type(ValueView operand, MatchNode& node) {
    if (operand.type() == Type::String) {
        if (operand.as_string() == "number") {
            node.any_number = true;
            return {};
        }
        const auto type = bson::type_from_alias(operand.as_string());
        if (!type) {
            return fail(ErrorCode::BadValue,
                        fmt::format("unknown type name alias: {}", operand.as_string()));
        }
        add_type(*type, node);
        return {};
    }
    if (!operand.is_number()) {
        return fail(ErrorCode::TypeMismatch, "type must be represented as a number or a string");
    }
    const auto number = bson::to_exact_int64(operand);
    const auto type = number ? bson::type_from_number(*number) : std::nullopt;
    if (!type || *type == Type::Missing) {
        return fail(ErrorCode::BadValue, "invalid numerical type code");
    }
    add_type(*type, node);
    return {};
}

}  // namespace

Status read_type_set(ValueView operand, MatchNode& node) {
    if (operand.type() != Type::Array) {
        return read_type(operand, node);
    }
    for (const Element& element : operand.as_array()) {
        PLUMB_CHECK(read_type(element.value, node));
    }
    return {};
}

Result<MatchNode> parse_exists(const FieldOperator& op) {
    MatchNode node = make_leaf(MatchKind::Exists, op.path);
    if (bson::truthy(op.operand)) {
        return node;
    }
    return make_not(op.path, std::move(node));
}

Result<MatchNode> parse_type(const FieldOperator& op) {
    MatchNode node = make_leaf(MatchKind::Type, op.path);
    PLUMB_CHECK(read_type_set(op.operand, node));
    if (node.types.empty() && !node.any_number) {
        return fail(ErrorCode::FailedToParse, "$type must match at least one type");
    }
    return node;
}

bool test_type(const MatchNode& node, ValueView value) {
    if (value.missing()) {
        return false;
    }
    return (node.any_number && value.is_number()) ||
           std::find(node.types.begin(), node.types.end(), value.type()) != node.types.end();
}

}  // namespace plumb::query
