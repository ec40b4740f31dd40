// SPDX-License-Identifier: GPL-3.0-or-later
// $cond, $ifNull, $switch.
#include "bson/number.h"
#include "engine/query/expr/operators.h"
#include "engine/query/expr/values.h"

#include <fmt/format.h>

#include <array>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

constexpr std::array kCondArguments{
    NamedArgument{"if", 17080}, NamedArgument{"then", 17081}, NamedArgument{"else", 17082}};
constexpr NamedForm kCondForm{16020, 17083, kCondArguments};

// The same operator as `row`, read as a document.
constexpr OperatorRow kCondByName{.name = "$cond",
                                  .parse = parse_named,
                                  .run = run_cond,
                                  .arguments_min = 3,
                                  .arguments_max = 3,
                                  .form = &kCondForm};

bool is_operator(ValueView spec) {
    return !spec.as_document().empty() && spec.as_document().front().name.starts_with('$');
}

}  // namespace

Result<ExpressionPtr> parse_cond(const OperatorRow& row, ValueView spec, ParseScope& scope) {
    if (spec.type() == Type::Document && !is_operator(spec)) {
        return parse_named(kCondByName, spec, scope);
    }
    return parse_positional(row, spec, scope);
}

Result<ValueView> run_cond(const Call& call) {
    PLUMB_TRY(test, call.argument(0));
    return call.argument(bson::truthy(test) ? 1 : 2);
}

Result<ValueView> run_if_null(const Call& call) {
    PLUMB_TRY(value, call.argument(0));
    if (!value.nullish()) {
        return value;
    }
    return call.argument(1);
}

namespace {

// The case and the result of one branch, appended to the arguments.
Status parse_branch(ValueView spec, std::vector<ExpressionPtr>& arguments, ParseScope& scope) {
    if (spec.type() != Type::Document) {
        return fail(ErrorCode{40062}, "$switch requires each branch to be an object");
    }
    ExpressionPtr test;
    ExpressionPtr result;
    for (const bson::Element& element : spec.as_document()) {
        if (element.name != "case" && element.name != "then") {
            return fail(
                ErrorCode{40063},
                fmt::format("$switch found an unknown argument to a branch: {}", element.name));
        }
        PLUMB_TRY(expression, parse_expression(element.value, scope));
        (element.name == "case" ? test : result) = std::move(expression);
    }
    if (!test) {
        return fail(ErrorCode{40064}, "$switch requires each branch have a 'case' expression");
    }
    if (!result) {
        return fail(ErrorCode{40065}, "$switch requires each branch have a 'then' expression");
    }
    arguments.push_back(std::move(test));
    arguments.push_back(std::move(result));
    return {};
}

}  // namespace

// The arguments are the pairs of the branches, and then the default if there is one.
Result<ExpressionPtr> parse_switch(const OperatorRow& row, ValueView spec, ParseScope& scope) {
    if (spec.type() != Type::Document) {
        return fail(ErrorCode{40060}, "$switch requires an object as an argument");
    }
    std::vector<ExpressionPtr> arguments;
    ExpressionPtr otherwise;
    for (const bson::Element& element : spec.as_document()) {
        if (element.name == "default") {
            PLUMB_TRY(expression, parse_expression(element.value, scope));
            otherwise = std::move(expression);
            continue;
        }
        if (element.name != "branches") {
            return fail(ErrorCode{40067},
                        fmt::format("$switch found an unknown argument: {}", element.name));
        }
        if (element.value.type() != Type::Array) {
            return fail(ErrorCode{40061}, "$switch expected an array for 'branches'");
        }
        for (const bson::Element& branch : element.value.as_container()) {
            PLUMB_CHECK(parse_branch(branch.value, arguments, scope));
        }
    }
    if (arguments.empty()) {
        return fail(ErrorCode{40068}, "$switch requires at least one branch");
    }
    if (otherwise) {
        arguments.push_back(std::move(otherwise));
    }
    return finish_operator(std::make_unique<OperatorExpression>(row, std::move(arguments)), scope);
}

Result<ValueView> run_switch(const Call& call) {
    const std::size_t branches = call.count() / 2;
    for (std::size_t branch = 0; branch < branches; ++branch) {
        PLUMB_TRY(test, call.argument(2 * branch));
        if (bson::truthy(test)) {
            return call.argument(2 * branch + 1);
        }
    }
    if (call.count() % 2 == 0) {
        return operator_error(
            call, 40066, "could not find a matching branch, and no default was specified");
    }
    return call.argument(call.count() - 1);
}

}  // namespace plumb::query
