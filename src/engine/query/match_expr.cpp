// SPDX-License-Identifier: GPL-3.0-or-later
// $expr and $jsonSchema: conditions on the whole document.
#include "engine/query/expr/operator.h"
#include "engine/query/json_schema.h"
#include "engine/query/match_internal.h"

#include <fmt/format.h>

namespace plumb::query {
namespace {

using bson::Type;
using bson::ValueView;

// An expression with room for the variables of its own, so that whoever evaluates it needs not know
// how many there are.
class BoundExpression final : public Expression {
  public:
    BoundExpression(ExpressionPtr inner, std::uint32_t slots)
        : inner_(std::move(inner)), slots_(slots) {}

    [[nodiscard]] Result<ValueView> evaluate(const EvaluationInput& input) const override {
        Variables variables(slots_);
        return inner_->evaluate({input.root, variables, input.arena, input.interrupt});
    }
    void add_dependencies(Dependencies& out) const override { inner_->add_dependencies(out); }
    [[nodiscard]] bool is_constant() const override { return inner_->is_constant(); }
    [[nodiscard]] std::string_view field_path() const override { return inner_->field_path(); }
    void append_to(bson::Builder& out, std::string_view name) const override {
        inner_->append_to(out, name);
    }

  private:
    ExpressionPtr inner_;
    std::uint32_t slots_;
};

// What {$eq: ["$a", 5]} says of one field as a plain condition, which an index can serve. It holds
// for more documents (an array that holds 5), so the expression is still asked.
std::optional<MatchNode> implied_equality(const OperatorExpression& equality) {
    const auto& arguments = equality.arguments();
    const bool field_first = !arguments[0]->field_path().empty();
    const std::string_view path = arguments[field_first ? 0 : 1]->field_path();
    const auto value = equality.constant_argument(field_first ? 1 : 0);
    if (path.empty() || !value || value->nullish() || value->type() == Type::Array ||
        value->type() == Type::Regex) {
        return std::nullopt;
    }
    MatchNode node = make_leaf(MatchKind::Eq, bson::Path{path});
    node.operand = bson::Value{*value};
    node.implied = true;
    return node;
}

// Plain conditions that hold wherever the expression is true.
void collect_implied(const Expression& expression, std::vector<MatchNode>& out) {
    const auto* call = dynamic_cast<const OperatorExpression*>(&expression);
    if (call == nullptr) {
        return;
    }
    if (call->row().name == "$eq") {
        if (auto equality = implied_equality(*call)) {
            out.push_back(*std::move(equality));
        }
    } else if (call->row().name == "$and") {
        for (const ExpressionPtr& argument : call->arguments()) {
            collect_implied(*argument, out);
        }
    }
}

Status check_whole_document(const DocumentOperator& op) {
    if (!op.scope.options.allow_expr) {
        return fail(ErrorCode::QueryFeatureNotAllowed,
                    fmt::format("{} is not allowed in this context", op.name));
    }
    if (!op.scope.whole_document) {
        return fail(ErrorCode::BadValue,
                    fmt::format("{} can only be applied to the top-level document", op.name));
    }
    return {};
}

}  // namespace

Result<MatchNode> parse_expr(const DocumentOperator& op) {
    PLUMB_CHECK(check_whole_document(op));
    const ExpressionContext none{};
    const ExpressionContext& context =
        op.scope.options.context == nullptr ? none : *op.scope.options.context;
    VariableScope names;
    PLUMB_TRY(inner, parse_expression(op.operand, names, context));
    std::vector<MatchNode> conditions;
    collect_implied(*inner, conditions);
    MatchNode node = make_leaf(MatchKind::Expr, {});
    node.expression = std::make_shared<BoundExpression>(std::move(inner), names.slots());
    conditions.push_back(std::move(node));
    return make_and(std::move(conditions));
}

Result<MatchNode> parse_json_schema_operator(const DocumentOperator& op) {
    PLUMB_CHECK(check_whole_document(op));
    if (op.operand.type() != Type::Document) {
        return fail(ErrorCode::TypeMismatch, "$jsonSchema must be an object");
    }
    PLUMB_TRY(schema, parse_json_schema(op.operand.as_document()));
    MatchNode node = make_leaf(MatchKind::JsonSchema, {});
    node.schema = std::move(schema);
    return node;
}

}  // namespace plumb::query
