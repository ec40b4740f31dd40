// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/expr/literal.h"

#include "engine/query/expr/operators.h"
#include "engine/query/expr/values.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::query {

using bson::ValueView;

namespace {

class ObjectExpression final : public Expression {
  public:
    explicit ObjectExpression(std::vector<std::pair<std::string, ExpressionPtr>> fields)
        : fields_(std::move(fields)) {}

    Result<ValueView> evaluate(const EvaluationInput& input) const override {
        DocumentWriter out{input.arena};
        for (const auto& [name, expression] : fields_) {
            PLUMB_TRY(value, expression->evaluate(input));
            out.append(name, value);
        }
        return out.finish();
    }
    void add_dependencies(Dependencies& out) const override {
        for (const auto& field : fields_) {
            field.second->add_dependencies(out);
        }
    }
    void append_to(bson::Builder& out, std::string_view name) const override {
        out.begin_document(name);
        for (const auto& [field, expression] : fields_) {
            expression->append_to(out, field);
        }
        out.end();
    }

  private:
    std::vector<std::pair<std::string, ExpressionPtr>> fields_;
};

class ArrayExpression final : public Expression {
  public:
    explicit ArrayExpression(std::vector<ExpressionPtr> elements)
        : elements_(std::move(elements)) {}

    Result<ValueView> evaluate(const EvaluationInput& input) const override {
        ArrayWriter out{input.arena};
        for (const ExpressionPtr& element : elements_) {
            PLUMB_TRY(value, element->evaluate(input));
            out.push(value);
        }
        return out.finish();
    }
    void add_dependencies(Dependencies& out) const override {
        for (const ExpressionPtr& element : elements_) {
            element->add_dependencies(out);
        }
    }
    void append_to(bson::Builder& out, std::string_view name) const override {
        out.begin_array(name);
        for (std::size_t index = 0; index < elements_.size(); ++index) {
            elements_[index]->append_to(out, std::to_string(index));
        }
        out.end();
    }

  private:
    std::vector<ExpressionPtr> elements_;
};

Result<ExpressionPtr> folded(ExpressionPtr expression, bool constant, const ParseScope& scope) {
    if (!constant) {
        return expression;
    }
    Arena arena;
    Variables variables(scope.names.slots());
    PLUMB_TRY(value, expression->evaluate({bson::View{}, variables, arena}));
    return ExpressionPtr{std::make_unique<ConstantExpression>(bson::Value{value})};
}

Status check_literal_name(std::string_view name) {
    if (name.starts_with('$')) {
        return fail(ErrorCode{16410},
                    fmt::format("FieldPath field names may not start with '$': {}", name));
    }
    if (name.find('.') != std::string_view::npos) {
        return fail(ErrorCode{16412},
                    fmt::format("FieldPath field names may not contain '.': {}", name));
    }
    return {};
}

}  // namespace

Result<ExpressionPtr> parse_object_literal(bson::View spec, ParseScope& scope) {
    std::vector<std::pair<std::string, ExpressionPtr>> fields;
    bool constant = true;
    for (const bson::Element& element : spec) {
        PLUMB_CHECK(check_literal_name(element.name));
        const bool doubled = std::any_of(fields.begin(), fields.end(), [&](const auto& field) {
            return field.first == element.name;
        });
        if (doubled) {
            return fail(
                ErrorCode{16406},
                fmt::format("duplicate field name specified in object literal: {}", element.name));
        }
        PLUMB_TRY(expression, parse_expression(element.value, scope));
        constant = constant && expression->is_constant();
        fields.emplace_back(std::string{element.name}, std::move(expression));
    }
    return folded(std::make_unique<ObjectExpression>(std::move(fields)), constant, scope);
}

Result<ExpressionPtr> parse_array_literal(ValueView spec, ParseScope& scope) {
    std::vector<ExpressionPtr> elements;
    bool constant = true;
    for (const bson::Element& element : spec.as_container()) {
        PLUMB_TRY(expression, parse_expression(element.value, scope));
        constant = constant && expression->is_constant();
        elements.push_back(std::move(expression));
    }
    return folded(std::make_unique<ArrayExpression>(std::move(elements)), constant, scope);
}

Result<ExpressionPtr> parse_literal(const OperatorRow& /*row*/,
                                    ValueView spec,
                                    ParseScope& /*scope*/) {
    return ExpressionPtr{std::make_unique<ConstantExpression>(bson::Value{spec})};
}

}  // namespace plumb::query
