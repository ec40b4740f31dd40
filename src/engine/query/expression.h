// SPDX-License-Identifier: GPL-3.0-or-later
// Aggregation expressions: parsed and folded once, then evaluated for each document.
//
//   PLUMB_TRY(expression, parse_expression(spec, parse_context));
//   PLUMB_TRY(value, expression->evaluate({document, variables, arena}));
//
// Source   MongoDB manual, "Aggregation Pipeline Operators"; tests/conformance/expression.jsonl
// Threads  const functions may run at once.
#pragma once

#include "base/arena.h"
#include "base/interrupt.h"
#include "base/result.h"
#include "bson/builder.h"
#include "bson/document.h"
#include "bson/value.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::query {

// A name whose value is read anew at each evaluation: a $lookup's pipeline is parsed once and run
// for many documents.
struct BoundVariable {
    std::string name;
    const bson::Value* value;  // not owned; outlives what is parsed
    bool* used = nullptr;      // set when the name is parsed; may be null
};

// What $$NAME may mean outside an expression's own $let: NOW is the server's, others come from a
// command's `let` or from $lookup's.
struct ExpressionContext {
    bson::Date now;
    std::vector<std::pair<std::string, bson::Value>> variables;
    std::vector<BoundVariable> bound;
};

// Names that are in scope while parsing, with their slots in Variables.
class VariableScope {
  public:
    // The slot of a name that hides outer ones of the same name.
    [[nodiscard]] std::uint32_t define(std::string_view name);
    void leave(std::size_t count);  // the last `count` names defined go out of scope
    // The slot of a visible name; nothing if there is none.
    [[nodiscard]] std::optional<std::uint32_t> find(std::string_view name) const;
    [[nodiscard]] std::uint32_t slots() const { return slots_; }

  private:
    std::vector<std::pair<std::string, std::uint32_t>> visible_;
    std::uint32_t slots_ = 0;
};

// The values of variables during evaluation, by slot. One thread.
using Variables = std::vector<bson::ValueView>;

// Everything that an evaluation may use. Results point into the document, the expression's own
// constants or the arena, and live as long as the shortest of these.
struct EvaluationInput {
    bson::View root;  // $$ROOT; $$CURRENT until rebound
    Variables& variables;
    Arena& arena;
    Interrupt* interrupt = nullptr;  // asked by operators that loop; may be null
};

// The fields an expression reads, as dotted paths; `whole` if it needs the document itself.
struct Dependencies {
    std::set<std::string> paths;
    bool whole = false;
};

class Expression {
  public:
    virtual ~Expression() = default;
    // errors as MongoDB's, by code; Missing where a field is not there.
    [[nodiscard]] virtual Result<bson::ValueView> evaluate(const EvaluationInput& input) const = 0;
    virtual void add_dependencies(Dependencies& out) const = 0;
    // True if the value is the same for every document: the parser folds such.
    [[nodiscard]] virtual bool is_constant() const { return false; }
    // The plain field path ("$a.b" gives "a.b"); empty if this is anything else.
    [[nodiscard]] virtual std::string_view field_path() const { return {}; }
    // As explain prints it.
    virtual void append_to(bson::Builder& out, std::string_view name) const = 0;
};

using ExpressionPtr = std::unique_ptr<Expression>;

// Parses and folds. A name is looked for in `scope`, then among the built-in ones, then in
// `context`, whose `variables` become constants. To evaluate, give Variables of scope.slots()
// entries (as many as there are once everything that shares the scope is parsed).
//   errors  InvalidPipelineOperator (168) for an unknown operator, 17276 for an undefined variable,
//           and the codes of each operator; those of constant parts too, as MongoDB folds them
[[nodiscard]] Result<ExpressionPtr> parse_expression(bson::ValueView spec,
                                                     VariableScope& scope,
                                                     const ExpressionContext& context);

}  // namespace plumb::query
