// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/expr/operator.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

Result<ValueView> OperatorExpression::evaluate(const EvaluationInput& input) const {
    return row_.run(Call{*this, input});
}

Error Call::too_large() const {
    return fail(ErrorCode::ExceededMemoryLimit,
                fmt::format("{} takes more than {} bytes", name(), kExpressionBytesMax));
}

Status Call::go_on() const {
    if (input_.interrupt != nullptr) {
        PLUMB_CHECK(input_.interrupt->check());
    }
    return check_memory();
}

void OperatorExpression::add_dependencies(Dependencies& out) const {
    for (const ExpressionPtr& argument : arguments_) {
        if (argument) {
            argument->add_dependencies(out);
        }
    }
}

void OperatorExpression::append_to(bson::Builder& out, std::string_view name) const {
    out.begin_document(name);
    if (row_.form != nullptr) {
        out.begin_document(row_.name);
        for (std::size_t index = 0; index < arguments_.size(); ++index) {
            if (arguments_[index]) {
                arguments_[index]->append_to(out, row_.form->arguments[index].name);
            }
        }
    } else {
        out.begin_array(row_.name);
        for (std::size_t index = 0; index < arguments_.size(); ++index) {
            arguments_[index]->append_to(out, std::to_string(index));
        }
    }
    out.end();
    out.end();
}

std::optional<ValueView> OperatorExpression::constant_argument(std::size_t index) const {
    if (index >= arguments_.size() || !arguments_[index] || !arguments_[index]->is_constant()) {
        return std::nullopt;
    }
    const auto* constant = dynamic_cast<const ConstantExpression*>(arguments_[index].get());
    return constant != nullptr ? std::optional{constant->value()} : std::nullopt;
}

Result<ValueView> ConstantExpression::evaluate(const EvaluationInput& /*input*/) const {
    return value_.view();
}

void ConstantExpression::add_dependencies(Dependencies& /*out*/) const {}

void ConstantExpression::append_to(bson::Builder& out, std::string_view name) const {
    out.begin_document(name);
    out.append("$const", value_);
    out.end();
}

namespace {

Status check_count(const OperatorRow& row, std::size_t count) {
    const auto given = static_cast<std::int64_t>(count);
    if (row.arguments_min == row.arguments_max) {
        if (given != row.arguments_min) {
            return fail(ErrorCode{16020},
                        fmt::format("Expression {} takes exactly {} arguments. {} were passed in",
                                    row.name,
                                    row.arguments_min,
                                    given));
        }
        return {};
    }
    if (given < row.arguments_min ||
        (row.arguments_max != kManyArguments && given > row.arguments_max)) {
        return fail(ErrorCode{28667},
                    fmt::format("Expression {} takes at least {} arguments, and at most {}, but {} "
                                "were passed in",
                                row.name,
                                row.arguments_min,
                                row.arguments_max,
                                given));
    }
    return {};
}

Result<ValueView> evaluate_constant(const Expression& expression,
                                    const ParseScope& scope,
                                    Arena& arena) {
    Variables variables(scope.names.slots());
    return expression.evaluate({bson::View{}, variables, arena});
}

bool all_constant(const std::vector<ExpressionPtr>& arguments) {
    return std::all_of(arguments.begin(), arguments.end(), [](const ExpressionPtr& argument) {
        return !argument || argument->is_constant();
    });
}

// {$add: [1, "$a", 2]} becomes {$add: ["$a", 3]}.
Status combine_constants(OperatorExpression& expression, const ParseScope& scope) {
    std::vector<ExpressionPtr> constants;
    std::vector<ExpressionPtr> others;
    for (ExpressionPtr& argument : expression.arguments()) {
        (argument->is_constant() ? constants : others).push_back(std::move(argument));
    }
    if (constants.size() > 1) {
        const OperatorExpression part{expression.row(), std::move(constants)};
        Arena arena;
        PLUMB_TRY(value, evaluate_constant(part, scope, arena));
        others.push_back(std::make_unique<ConstantExpression>(bson::Value{value}));
    } else if (constants.size() == 1) {
        others.push_back(std::move(constants.front()));
    }
    expression.arguments() = std::move(others);
    return {};
}

}  // namespace

Result<ExpressionPtr> finish_operator(std::unique_ptr<OperatorExpression> expression,
                                      const ParseScope& scope) {
    if (expression->row().prepare != nullptr) {
        PLUMB_CHECK(expression->row().prepare(*expression));
    }
    const Folding folding = expression->row().folding;
    if (folding != Folding::Never && all_constant(expression->arguments())) {
        Arena arena;
        PLUMB_TRY(value, evaluate_constant(*expression, scope, arena));
        return ExpressionPtr{std::make_unique<ConstantExpression>(bson::Value{value})};
    }
    if (folding == Folding::Commutative) {
        PLUMB_CHECK(combine_constants(*expression, scope));
    }
    return ExpressionPtr{std::move(expression)};
}

Result<ExpressionPtr> parse_positional(const OperatorRow& row, ValueView spec, ParseScope& scope) {
    std::vector<ExpressionPtr> arguments;
    if (spec.type() == Type::Array) {
        for (const bson::Element& element : spec.as_container()) {
            PLUMB_TRY(argument, parse_expression(element.value, scope));
            arguments.push_back(std::move(argument));
        }
    } else {
        PLUMB_TRY(argument, parse_expression(spec, scope));
        arguments.push_back(std::move(argument));
    }
    PLUMB_CHECK(check_count(row, arguments.size()));
    return finish_operator(std::make_unique<OperatorExpression>(row, std::move(arguments)), scope);
}

Result<ExpressionPtr> parse_named(const OperatorRow& row, ValueView spec, ParseScope& scope) {
    const NamedForm& form = *row.form;
    if (spec.type() != Type::Document) {
        return fail(ErrorCode{form.not_a_document},
                    fmt::format("{} only supports an object as its argument", row.name));
    }
    std::vector<ExpressionPtr> arguments(form.arguments.size());
    for (const bson::Element& element : spec.as_document()) {
        const auto known =
            std::find_if(form.arguments.begin(), form.arguments.end(), [&](const auto& each) {
                return each.name == element.name;
            });
        if (known == form.arguments.end()) {
            return fail(ErrorCode{form.unknown_argument},
                        fmt::format("{} found an unknown argument: {}", row.name, element.name));
        }
        PLUMB_TRY(argument, parse_expression(element.value, scope));
        arguments[static_cast<std::size_t>(known - form.arguments.begin())] = std::move(argument);
    }
    for (std::size_t index = 0; index < arguments.size(); ++index) {
        if (!arguments[index] && form.arguments[index].missing != 0) {
            return fail(
                ErrorCode{form.arguments[index].missing},
                fmt::format("Missing '{}' parameter to {}", form.arguments[index].name, row.name));
        }
    }
    return finish_operator(std::make_unique<OperatorExpression>(row, std::move(arguments)), scope);
}

Error operator_error(const Call& call, std::int32_t code, std::string_view what) {
    return fail(ErrorCode{code}, fmt::format("{}: {}", call.name(), what));
}

Error wrong_type(const Call& call, std::int32_t code, ValueView value) {
    return fail(
        ErrorCode{code},
        fmt::format(
            "{} cannot take a value of type {}", call.name(), bson::type_name(value.type())));
}

}  // namespace plumb::query
