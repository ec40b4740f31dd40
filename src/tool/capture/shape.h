// SPDX-License-Identifier: GPL-3.0-or-later
// The shape of a command: what it asks, with its constants taken out. Two calls that differ only in
// their values have one shape, whichever source they come from: a declared workload, the profiler,
// a log of either form, or source code.
//
//   PLUMB_TRY(shape, shape_of("shop", command));       // {find: "orders", filter: {user_id: 7}, …}
//   shape->text                                        // "find orders {user_id: =} limit n"
//
// Format   `pattern` has, in this order and only where they apply: op, collection, filter, sort,
//          projection, limit, key, pipeline, update, multi, upsert. A filter is {path: predicate}
//          with its paths in order; a predicate is one of "=", "= null", "in few", "in many",
//          "not in few", "not in many", "!=", ">", "<", "regex prefix", "regex", "exists",
//          "missing", "size", "type", "mod", "bits", "all few", "all many", {elemMatch: filter},
//          or an array of them; `$or` and `$nor` hold filters, `$expr` an expression without
//          constants.
// Threads  pure functions.
#pragma once

#include "base/result.h"
#include "bson/document.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::capture {

struct Shape {
    std::string id;          // eight hexadecimal digits of the text's hash
    std::string text;        // one line for people; equal if and only if the shapes are equal
    std::string database;    // "shop"; not part of the text
    std::string collection;  // "orders"
    std::string operation;   // find, count, distinct, aggregate, insert, update, delete,
                             // findAndModify
    bson::Document pattern;
};

// The shape of one command or statement. Nothing for a command that asks no collection (hello,
// createIndexes, getMore …) and for a write command that carries its statements elsewhere.
// Statements are taken in the profiler's form too: {q, u, multi, upsert} and {q, limit}, whose
// collection then stands in `collection`.
[[nodiscard]] std::optional<Shape> shape_of(std::string_view database,
                                            bson::View command,
                                            std::string_view collection = {});

// All shapes of a write command with several statements; one for every other command.
[[nodiscard]] std::vector<Shape> shapes_of(std::string_view database, bson::View command);

// How many values make an `in` many.
inline constexpr std::size_t kFewValues = 10;

}  // namespace plumb::capture
