// SPDX-License-Identifier: GPL-3.0-or-later
// $let, $map, $filter, $reduce: operators with variables of their own.
#include "bson/number.h"
#include "engine/query/expr/operators.h"
#include "engine/query/expr/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

// The fields of {$map: {input, as, in}} and the like. `as` is not evaluated.
struct LoopForm {
    std::int32_t not_a_document;
    std::int32_t unknown_argument;
    NamedArgument input;
    NamedArgument body;
};

constexpr LoopForm kMapForm{16878, 16879, {"input", 16880}, {"in", 16882}};
constexpr LoopForm kFilterForm{28646, 28647, {"input", 28648}, {"cond", 28650}};

Error unknown_argument(const OperatorRow& row, std::int32_t code, std::string_view name) {
    return fail(ErrorCode{code}, fmt::format("Unrecognized parameter to {}: {}", row.name, name));
}

Error missing_argument(const OperatorRow& row, const NamedArgument& argument) {
    return fail(ErrorCode{argument.missing},
                fmt::format("Missing '{}' parameter to {}", argument.name, row.name));
}

// The arguments are the input and the body; the one variable is the element.
Result<ExpressionPtr> parse_loop(const OperatorRow& row,
                                 ValueView spec,
                                 ParseScope& scope,
                                 const LoopForm& form) {
    if (spec.type() != Type::Document) {
        return fail(ErrorCode{form.not_a_document},
                    fmt::format("{} only supports an object as its argument", row.name));
    }
    ValueView input;
    ValueView body;
    std::string_view variable = "this";
    for (const bson::Element& element : spec.as_document()) {
        if (element.name == form.input.name) {
            input = element.value;
        } else if (element.name == form.body.name) {
            body = element.value;
        } else if (element.name != "as") {
            return unknown_argument(row, form.unknown_argument, element.name);
        } else {
            variable = element.value.type() == Type::String ? element.value.as_string() : "";
            PLUMB_CHECK(check_variable_name(variable));
        }
    }
    if (input.missing()) {
        return missing_argument(row, form.input);
    }
    if (body.missing()) {
        return missing_argument(row, form.body);
    }
    std::vector<ExpressionPtr> arguments;
    PLUMB_TRY(input_expression, parse_expression(input, scope));
    arguments.push_back(std::move(input_expression));
    const std::uint32_t slot = scope.names.define(variable);
    auto body_expression = parse_expression(body, scope);
    scope.names.leave(1);
    if (!body_expression.ok()) {
        return std::move(body_expression).error();
    }
    arguments.push_back(std::move(*body_expression));
    return finish_operator(std::make_unique<OperatorExpression>(row, std::move(arguments), slot),
                           scope);
}

}  // namespace

Result<ExpressionPtr> parse_map(const OperatorRow& row, ValueView spec, ParseScope& scope) {
    return parse_loop(row, spec, scope, kMapForm);
}

Result<ExpressionPtr> parse_filter(const OperatorRow& row, ValueView spec, ParseScope& scope) {
    return parse_loop(row, spec, scope, kFilterForm);
}

Result<ValueView> run_map(const Call& call) {
    PLUMB_TRY(input, call.argument(0));
    if (input.nullish()) {
        return make_null();
    }
    if (input.type() != Type::Array) {
        return wrong_type(call, 16883, input);
    }
    ArrayWriter out{call.arena()};
    for (const bson::Element& element : input.as_container()) {
        PLUMB_CHECK(call.go_on());
        call.bind(0, element.value);
        PLUMB_TRY(made, call.argument(1));
        out.push(made);
    }
    return out.finish();
}

Result<ValueView> run_filter(const Call& call) {
    PLUMB_TRY(input, call.argument(0));
    if (input.nullish()) {
        return make_null();
    }
    if (input.type() != Type::Array) {
        return wrong_type(call, 28651, input);
    }
    ArrayWriter out{call.arena()};
    for (const bson::Element& element : input.as_container()) {
        PLUMB_CHECK(call.go_on());
        call.bind(0, element.value);
        PLUMB_TRY(kept, call.argument(1));
        if (bson::truthy(kept)) {
            out.push(element.value);
        }
    }
    return out.finish();
}

// The arguments are input, initial value and body; the variables are `this` and `value`.
Result<ExpressionPtr> parse_reduce(const OperatorRow& row, ValueView spec, ParseScope& scope) {
    if (spec.type() != Type::Document) {
        return fail(ErrorCode{40075}, "$reduce requires an object as an argument");
    }
    constexpr std::array kArguments{NamedArgument{"input", 40077},
                                    NamedArgument{"initialValue", 40078},
                                    NamedArgument{"in", 40079}};
    for (const bson::Element& element : spec.as_document()) {
        const bool known = std::any_of(kArguments.begin(), kArguments.end(), [&](const auto& each) {
            return each.name == element.name;
        });
        if (!known) {
            return unknown_argument(row, 40076, element.name);
        }
    }
    std::vector<ExpressionPtr> arguments;
    std::uint32_t slot = 0;
    for (const NamedArgument& argument : kArguments) {
        const ValueView part = spec.as_document().find(argument.name);
        if (part.missing()) {
            return missing_argument(row, argument);
        }
        if (argument.name == "in") {
            slot = scope.names.define("this");
            (void)scope.names.define("value");
        }
        PLUMB_TRY(expression, parse_expression(part, scope));
        arguments.push_back(std::move(expression));
    }
    scope.names.leave(2);
    return finish_operator(std::make_unique<OperatorExpression>(row, std::move(arguments), slot),
                           scope);
}

Result<ValueView> run_reduce(const Call& call) {
    PLUMB_TRY(input, call.argument(0));
    if (input.nullish()) {
        return make_null();
    }
    if (input.type() != Type::Array) {
        return wrong_type(call, 40080, input);
    }
    PLUMB_TRY(initial, call.argument(1));
    ValueView value = initial;
    for (const bson::Element& element : input.as_container()) {
        PLUMB_CHECK(call.go_on());
        call.bind(0, element.value);
        call.bind(1, value);
        PLUMB_TRY(next, call.argument(2));
        value = next;
    }
    return value;
}

// The arguments are the values of the variables, in order, and the body.
Result<ExpressionPtr> parse_let(const OperatorRow& row, ValueView spec, ParseScope& scope) {
    if (spec.type() != Type::Document) {
        return fail(ErrorCode{16874}, "$let only supports an object as its argument");
    }
    ValueView vars;
    ValueView body;
    for (const bson::Element& element : spec.as_document()) {
        if (element.name == "vars") {
            vars = element.value;
        } else if (element.name == "in") {
            body = element.value;
        } else {
            return unknown_argument(row, 16875, element.name);
        }
    }
    if (vars.missing()) {
        return missing_argument(row, {"vars", 16876});
    }
    if (body.missing()) {
        return missing_argument(row, {"in", 16877});
    }
    if (vars.type() != Type::Document) {
        return fail(ErrorCode{10065}, "$let needs an object for 'vars'");
    }
    std::vector<ExpressionPtr> arguments;
    for (const bson::Element& variable : vars.as_document()) {
        PLUMB_CHECK(check_variable_name(variable.name));
        PLUMB_TRY(value, parse_expression(variable.value, scope));
        arguments.push_back(std::move(value));
    }
    const std::uint32_t slot = scope.names.slots();
    for (const bson::Element& variable : vars.as_document()) {
        (void)scope.names.define(variable.name);
    }
    auto body_expression = parse_expression(body, scope);
    scope.names.leave(arguments.size());
    if (!body_expression.ok()) {
        return std::move(body_expression).error();
    }
    arguments.push_back(std::move(*body_expression));
    return finish_operator(std::make_unique<OperatorExpression>(row, std::move(arguments), slot),
                           scope);
}

Result<ValueView> run_let(const Call& call) {
    const std::size_t variables = call.count() - 1;
    for (std::size_t index = 0; index < variables; ++index) {
        PLUMB_TRY(value, call.argument(index));
        call.bind(static_cast<std::uint32_t>(index), value);
    }
    return call.argument(variables);
}

}  // namespace plumb::query
