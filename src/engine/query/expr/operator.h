// SPDX-License-Identifier: GPL-3.0-or-later
// How an operator such as $add is parsed and run. An operator is a row of the table in
// expr/table.cpp and a function that asks its Call for the arguments it wants, in its own order:
//
//   Result<bson::ValueView> run_not(const Call& call) {
//       PLUMB_TRY(value, call.argument(0));
//       return make_bool(!bson::truthy(value));
//   }
//
// Threads  constant after parsing; a Call is used by one thread.
#pragma once

#include "engine/query/expression.h"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace plumb::query {

class Call;
class OperatorExpression;
struct OperatorRow;

// What parsing needs to know about the surroundings.
struct ParseScope {
    VariableScope& names;
    const ExpressionContext& context;
};

[[nodiscard]] Result<ExpressionPtr> parse_expression(bson::ValueView spec, ParseScope& scope);

using RunFunction = Result<bson::ValueView> (*)(const Call&);
using ParseFunction = Result<ExpressionPtr> (*)(const OperatorRow&, bson::ValueView, ParseScope&);
// Work that needs doing once, from the arguments that are constant.
using PrepareFunction = Status (*)(OperatorExpression&);

// An argument by name; `missing` is the error if it is not given, 0 if it may be left out.
struct NamedArgument {
    std::string_view name;
    std::int32_t missing = 0;
};

// The arguments of an operator that takes a document, with its errors by code.
struct NamedForm {
    std::int32_t not_a_document;
    std::int32_t unknown_argument;
    std::span<const NamedArgument> arguments;
};

inline constexpr std::int16_t kManyArguments = -1;

// Ours: what the evaluation of an expression for one document may take, so that a $map over ranges
// of ranges ends with an error and not with the memory.
inline constexpr std::size_t kExpressionBytesMax = std::size_t{256} * 1024 * 1024;

enum class Folding : std::uint8_t {
    Whole,        // when all arguments are constant
    Commutative,  // also a part: constants are combined and come last, as in 4.2
    Never,        // the value differs from call to call
};

// One operator.
struct OperatorRow {
    std::string_view name;
    ParseFunction parse;
    RunFunction run = nullptr;
    std::int16_t arguments_min = 0;
    std::int16_t arguments_max = 0;
    const NamedForm* form = nullptr;
    PrepareFunction prepare = nullptr;
    Folding folding = Folding::Whole;
    std::string_view help = {};  // one line
    std::string_view difference = {};
    std::string_view refused = {};  // why it is an error
};

// The row of an operator, `$` included; null if there is none.
[[nodiscard]] const OperatorRow* find_operator(std::string_view name);
[[nodiscard]] std::span<const OperatorRow> all_operators();

// What an operator keeps from parsing: a compiled pattern, a time zone.
struct Prepared {
    virtual ~Prepared() = default;
};

class OperatorExpression final : public Expression {
  public:
    OperatorExpression(const OperatorRow& row,
                       std::vector<ExpressionPtr> arguments,
                       std::uint32_t first_slot = 0)
        : row_(row), arguments_(std::move(arguments)), first_slot_(first_slot) {}

    [[nodiscard]] Result<bson::ValueView> evaluate(const EvaluationInput& input) const override;
    void add_dependencies(Dependencies& out) const override;
    void append_to(bson::Builder& out, std::string_view name) const override;

    [[nodiscard]] const OperatorRow& row() const { return row_; }
    // Null where a named argument was left out.
    [[nodiscard]] const std::vector<ExpressionPtr>& arguments() const { return arguments_; }
    [[nodiscard]] std::vector<ExpressionPtr>& arguments() { return arguments_; }
    [[nodiscard]] std::uint32_t first_slot() const { return first_slot_; }
    // The value of an argument that is there and constant; null otherwise.
    [[nodiscard]] std::optional<bson::ValueView> constant_argument(std::size_t index) const;
    [[nodiscard]] const Prepared* prepared() const { return prepared_.get(); }
    void set_prepared(std::unique_ptr<const Prepared> prepared) { prepared_ = std::move(prepared); }

  private:
    const OperatorRow& row_;
    std::vector<ExpressionPtr> arguments_;
    std::uint32_t first_slot_;
    std::unique_ptr<const Prepared> prepared_;
};

// One run of an operator.
class Call {
  public:
    Call(const OperatorExpression& expression, const EvaluationInput& input)
        : expression_(expression), input_(input) {}

    [[nodiscard]] std::size_t count() const { return expression_.arguments().size(); }
    [[nodiscard]] bool has(std::size_t index) const {
        return index < count() && expression_.arguments()[index] != nullptr;
    }
    // Evaluates an argument now; Missing for one that was left out.
    [[nodiscard]] Result<bson::ValueView> argument(std::size_t index) const {
        if (!has(index)) {
            return bson::ValueView{};
        }
        PLUMB_CHECK(check_memory());
        return expression_.arguments()[index]->evaluate(input_);
    }
    // Gives the operator's own variable number `index` a value for the arguments evaluated next.
    void bind(std::uint32_t index, bson::ValueView value) const {
        input_.variables[expression_.first_slot() + index] = value;
    }
    [[nodiscard]] Arena& arena() const { return input_.arena; }
    // Asked once in each round of a loop: whether the operation goes on, and has memory to.
    //   errors  those of Interrupt; ExceededMemoryLimit (146)
    [[nodiscard]] Status go_on() const;
    // errors  ExceededMemoryLimit (146)
    [[nodiscard]] Status check_memory() const {
        return input_.arena.bytes_held() > kExpressionBytesMax ? Status{too_large()} : Status{};
    }
    [[nodiscard]] std::string_view name() const { return expression_.row().name; }
    [[nodiscard]] const Prepared* prepared() const { return expression_.prepared(); }
    [[nodiscard]] const std::vector<ExpressionPtr>& expressions() const {
        return expression_.arguments();
    }

  private:
    [[nodiscard]] Error too_large() const;

    const OperatorExpression& expression_;
    const EvaluationInput& input_;
};

// A value that never changes. Public so that operators can make one.
class ConstantExpression final : public Expression {
  public:
    explicit ConstantExpression(bson::Value value) : value_(std::move(value)) {}
    [[nodiscard]] Result<bson::ValueView> evaluate(const EvaluationInput& input) const override;
    void add_dependencies(Dependencies& out) const override;
    [[nodiscard]] bool is_constant() const override { return true; }
    void append_to(bson::Builder& out, std::string_view name) const override;
    [[nodiscard]] bson::ValueView value() const { return value_.view(); }

  private:
    bson::Value value_;
};

// The ways to read arguments; see OperatorRow::parse.
// A list, or a single argument that stands alone. 16020 or 28667 for a wrong number.
[[nodiscard]] Result<ExpressionPtr> parse_positional(const OperatorRow& row,
                                                     bson::ValueView spec,
                                                     ParseScope& scope);
// A document, by the row's form.
[[nodiscard]] Result<ExpressionPtr> parse_named(const OperatorRow& row,
                                                bson::ValueView spec,
                                                ParseScope& scope);

// The last step of every parse function: prepares, and folds if everything is constant.
[[nodiscard]] Result<ExpressionPtr> finish_operator(std::unique_ptr<OperatorExpression> expression,
                                                    const ParseScope& scope);

// The number of variables a $let may not name: 16866 to 16868.
[[nodiscard]] Status check_variable_name(std::string_view name);
// The same for reading one: 16869 to 16871.
[[nodiscard]] Status check_variable_use(std::string_view name);
// A dotted path: 40352 empty, 40353 ends with a dot, 15998 an empty part, 16410 begins with `$`.
[[nodiscard]] Status check_field_path(std::string_view dotted);

// A failure of an operator: "$add: …".
[[nodiscard]] Error operator_error(const Call& call, std::int32_t code, std::string_view what);
// The same for a value of a type it cannot take.
[[nodiscard]] Error wrong_type(const Call& call, std::int32_t code, bson::ValueView value);

}  // namespace plumb::query
