// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of the match operators share: how an operator is parsed, how a node is evaluated.
//
// Threads  pure functions.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "engine/query/match_node.h"
#include "engine/query/matcher.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::query {

// Levels of operators in one filter. Source: MongoDB 4.2's limit on its filter tree.
inline constexpr int kFilterDepthMax = 100;

// Where in a filter the parser stands.
struct FilterScope {
    const MatchOptions& options;
    int depth = 0;
    bool whole_document = true;  // false inside $elemMatch: $expr and its like are refused

    [[nodiscard]] FilterScope deeper() const { return {options, depth + 1, whole_document}; }
};

// One operator on one field, being parsed: {path: {name: operand, …siblings}}.
struct FieldOperator {
    std::string_view name;
    const bson::Path& path;
    bson::ValueView operand;
    bson::View siblings;
    const FilterScope& scope;
};

// One operator on the whole document, being parsed: {name: operand}.
struct DocumentOperator {
    std::string_view name;
    bson::ValueView operand;
    const FilterScope& scope;
};

// parsing: match_parse.cpp.

// A filter; {} is an And without children.
[[nodiscard]] Result<MatchNode> parse_filter(bson::View filter, const FilterScope& scope);
// {$gt: 1, $lt: 5} on a path.
[[nodiscard]] Result<MatchNode> parse_field_operators(bson::View operators,
                                                      const bson::Path& path,
                                                      const FilterScope& scope);
// True for {$gt: …}: a document whose first field is an operator, and that is no DBRef.
[[nodiscard]] bool is_operator_document(bson::ValueView value);
// A node of one kind on a path.
[[nodiscard]] MatchNode make_leaf(MatchKind kind, const bson::Path& path);

// normal form: match_logic.cpp.

// An And, Or or Nor in normal form.
[[nodiscard]] MatchNode make_and(std::vector<MatchNode> children);
[[nodiscard]] MatchNode make_or(std::vector<MatchNode> children);
[[nodiscard]] MatchNode make_nor(std::vector<MatchNode> children);
[[nodiscard]] MatchNode make_not(const bson::Path& path, MatchNode child);

[[nodiscard]] Result<MatchNode> parse_and(const DocumentOperator& op);
[[nodiscard]] Result<MatchNode> parse_or(const DocumentOperator& op);
[[nodiscard]] Result<MatchNode> parse_nor(const DocumentOperator& op);
[[nodiscard]] Result<MatchNode> parse_always(const DocumentOperator& op);
[[nodiscard]] Result<MatchNode> parse_not(const FieldOperator& op);

// one pair of functions per family: parse, and test one value.

[[nodiscard]] Result<MatchNode> make_equality(const bson::Path& path, bson::ValueView operand);
[[nodiscard]] Result<MatchNode> parse_comparison(const FieldOperator& op);
[[nodiscard]] Result<MatchNode> parse_not_equal(const FieldOperator& op);
[[nodiscard]] Result<MatchNode> parse_in(const FieldOperator& op);
[[nodiscard]] Result<MatchNode> parse_not_in(const FieldOperator& op);
[[nodiscard]] bool test_comparison(const MatchNode& node, bson::ValueView value);
[[nodiscard]] bool test_in(const MatchNode& node, bson::ValueView value);

[[nodiscard]] Result<MatchNode> parse_exists(const FieldOperator& op);
[[nodiscard]] Result<MatchNode> parse_type(const FieldOperator& op);
[[nodiscard]] bool test_type(const MatchNode& node, bson::ValueView value);
// The types that a $type, bsonType or type names, into node.types and node.any_number.
//   errors  BadValue (2), TypeMismatch (14), FailedToParse (9) for an empty list
[[nodiscard]] Status read_type_set(bson::ValueView operand, MatchNode& node);

[[nodiscard]] Result<MatchNode> parse_mod(const FieldOperator& op);
[[nodiscard]] Result<MatchNode> parse_bits(const FieldOperator& op);
[[nodiscard]] bool test_mod(const MatchNode& node, bson::ValueView value);
[[nodiscard]] bool test_bits(const MatchNode& node, bson::ValueView value);

[[nodiscard]] Result<MatchNode> make_regex(const bson::Path& path,
                                           std::string_view pattern,
                                           std::string_view options);
[[nodiscard]] Result<MatchNode> parse_regex(const FieldOperator& op);
[[nodiscard]] bool test_regex(const Regex& regex, bson::ValueView value);

[[nodiscard]] Result<MatchNode> parse_size(const FieldOperator& op);
[[nodiscard]] Result<MatchNode> parse_all(const FieldOperator& op);
[[nodiscard]] Result<MatchNode> parse_elem_match(const FieldOperator& op);

[[nodiscard]] Result<MatchNode> parse_expr(const DocumentOperator& op);
[[nodiscard]] Result<MatchNode> parse_json_schema_operator(const DocumentOperator& op);

// evaluation: match_eval.cpp.

// What an evaluation may leave behind.
struct MatchTrace {
    bool want_position = false;
    std::optional<std::uint32_t> position;
    std::optional<Error> error;  // of an $expr: the document counts as not matching
};

[[nodiscard]] bool match_document(const MatchNode& node, bson::View document, MatchTrace& trace);
// A condition on a path, or its negation, where the path's first part has been looked up: `value`
// is that field, or Missing.
[[nodiscard]] bool match_from_field(const MatchNode& node,
                                    bson::ValueView value,
                                    MatchTrace& trace);
// The node's conditions on one value, arrays not opened.
[[nodiscard]] bool match_element(const MatchNode& node, bson::ValueView value, MatchTrace& trace);

}  // namespace plumb::query
