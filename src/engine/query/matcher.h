// SPDX-License-Identifier: GPL-3.0-or-later
// Filters: parsing, and asking whether a document matches.
//
//   PLUMB_TRY(filter, Matcher::parse(query, {}));
//   if (filter.matches(order)) { … }
//
// Source   MongoDB manual, "Query and Projection Operators"; tests/conformance/match.jsonl
// Threads  const functions may run at once.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "engine/query/match_node.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace plumb::query {

struct ExpressionContext;  // query/expression.h: $$NOW, let variables

struct MatchOptions {
    bool allow_expr = true;  // $expr and $jsonSchema: not inside $elemMatch, not in partial filters
    const ExpressionContext* context =
        nullptr;  // variables for $expr; null: only the built-in ones
};

class Matcher {
  public:
    // errors  BadValue (2) and others as MongoDB 4.2 gives, naming the operator
    [[nodiscard]] static Result<Matcher> parse(bson::View filter, const MatchOptions& options = {});
    // From a tree that was made or cut by the planner.
    explicit Matcher(MatchNode root);

    [[nodiscard]] bool matches(bson::View document) const;
    // The same, and the first array position that satisfied a condition on an array: what the
    // positional operator `$` means.
    [[nodiscard]] bool matches(bson::View document, std::optional<std::uint32_t>& position) const;
    // As matches(), but the error of an $expr is given instead of counting as no match. `position`
    // may be null.
    [[nodiscard]] Result<bool> check(bson::View document,
                                     std::optional<std::uint32_t>* position = nullptr) const;
    // Whether a lone value meets the conditions: $pull's and arrayFilters' way to match, for a tree
    // whose paths are empty.
    [[nodiscard]] bool matches_value(bson::ValueView value) const;

    [[nodiscard]] const MatchNode& root() const { return *root_; }
    // The filter as explain prints it ("parsedQuery"): normalised, children in 4.2's order.
    [[nodiscard]] bson::Document to_bson() const;

  private:
    std::shared_ptr<const MatchNode> root_;  // shared by copies of a Matcher
};

// {a: 1} as explain prints a node; for `filter` of a plan stage.
[[nodiscard]] bson::Document match_to_bson(const MatchNode& node);

// The children of an And, Or or Nor in the order in which MongoDB 4.2 keeps them: by kind, by path,
// by their own children. Plans and explain follow it.
[[nodiscard]] std::vector<const MatchNode*> in_server_order(const std::vector<MatchNode>& children);

// The fields that an upsert takes from its filter: equalities that stand in a top-level And, in the
// order of their paths. errors: NotSingleValueField (54) where two name one path.
[[nodiscard]] Result<bson::Document> equality_fields(const MatchNode& root);

}  // namespace plumb::query
