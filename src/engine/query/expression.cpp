// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/expression.h"

#include "engine/query/expr/field_path.h"
#include "engine/query/expr/literal.h"
#include "engine/query/expr/operator.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

std::uint32_t VariableScope::define(std::string_view name) {
    visible_.emplace_back(std::string{name}, slots_);
    return slots_++;
}

void VariableScope::leave(std::size_t count) {
    PLUMB_ASSERT(count <= visible_.size());
    visible_.resize(visible_.size() - count);
}

std::optional<std::uint32_t> VariableScope::find(std::string_view name) const {
    const auto found = std::find_if(
        visible_.rbegin(), visible_.rend(), [&](const auto& each) { return each.first == name; });
    return found != visible_.rend() ? std::optional{found->second} : std::nullopt;
}

namespace {

// {$add: […]}: one field, named after an operator.
Result<ExpressionPtr> parse_operator(bson::View spec, ParseScope& scope) {
    const bson::Element field = spec.front();
    if (spec.count() != 1) {
        return fail(ErrorCode{15983},
                    fmt::format("An object representing an expression must have exactly one field: "
                                "it has {} beside {}",
                                spec.count() - 1,
                                field.name));
    }
    const OperatorRow* row = find_operator(field.name);
    if (row == nullptr) {
        return fail(ErrorCode{168}, fmt::format("Unrecognized expression '{}'", field.name));
    }
    return row->parse(*row, field.value, scope);
}

}  // namespace

Result<ExpressionPtr> parse_expression(ValueView spec, ParseScope& scope) {
    if (spec.type() == Type::String && spec.as_string().starts_with('$')) {
        return parse_path(spec.as_string(), scope);
    }
    if (spec.type() == Type::Array) {
        return parse_array_literal(spec, scope);
    }
    if (spec.type() == Type::Document) {
        const bson::View document = spec.as_document();
        if (!document.empty() && document.front().name.starts_with('$')) {
            return parse_operator(document, scope);
        }
        return parse_object_literal(document, scope);
    }
    return ExpressionPtr{std::make_unique<ConstantExpression>(bson::Value{spec})};
}

Result<ExpressionPtr> parse_expression(ValueView spec,
                                       VariableScope& scope,
                                       const ExpressionContext& context) {
    ParseScope surroundings{scope, context};
    return parse_expression(spec, surroundings);
}

}  // namespace plumb::query
