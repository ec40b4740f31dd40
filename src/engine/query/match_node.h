// SPDX-License-Identifier: GPL-3.0-or-later
// A filter as a tree. The parser makes it, the planner reads it, the matcher runs it.
//
// Normal form, made by the parser: $ne is Not(Eq), $nin Not(In), $all an And, {a: {$gt: 1, $lt: 5}}
// an And of two; an And or Or never has one child or a child of its own kind; the order of children
// is that in which the user wrote them. {} is an And without children.
//
// Threads  constant after parsing.
#pragma once

#include "bson/path.h"
#include "bson/value.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace plumb::query {

class Regex;       // query/regex.h: a compiled regular expression
class Expression;  // query/expression.h: a compiled aggregation expression
class SchemaNode;  // query/json_schema.h: a compiled $jsonSchema

enum class MatchKind : std::uint8_t {
    // of children
    And,
    Or,
    Nor,
    Not,  // one child, which tests the same path
    AlwaysFalse,
    AlwaysTrue,
    // of a path and `operand`
    Eq,
    Lt,
    Lte,
    Gt,
    Gte,
    In,          // values in `values` (sorted, unique), regexes in `regexes`
    Regex,       // the one in `regexes`
    Exists,      // true only; {$exists: false} is Not(Exists)
    Type,        // `types`, `any_number`
    Size,        // `number`
    Mod,         // `number` (divisor), `remainder`
    BitsAllSet,  // `bit_positions`
    BitsAllClear,
    BitsAnySet,
    BitsAnyClear,
    ElemMatchObject,  // one child, on the element's fields
    ElemMatchValue,   // children test the element itself, with empty paths
    // of the whole document
    Expr,        // `expression`
    JsonSchema,  // `schema`
};

struct MatchNode {
    MatchKind kind = MatchKind::And;
    bson::Path path;
    bson::Value operand;
    std::vector<bson::Value> values;
    std::vector<std::shared_ptr<const Regex>> regexes;  // shared by copies of a tree
    std::vector<bson::Type> types;
    bool any_number = false;
    bool implied = false;  // follows from the $expr beside it; there for the planner
    std::int64_t number = 0;
    std::int64_t remainder = 0;
    std::vector<std::uint32_t> bit_positions;
    std::shared_ptr<const Expression> expression;  // shared by copies of a tree
    std::shared_ptr<const SchemaNode> schema;      // shared by copies of a tree
    std::vector<MatchNode> children;
};

}  // namespace plumb::query
