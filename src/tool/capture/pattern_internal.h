// SPDX-License-Identifier: GPL-3.0-or-later
// Patterns of the parts of a command: documents with the constants taken out.
//
// Threads  pure functions.
#pragma once

#include "bson/builder.h"
#include "bson/document.h"
#include "bson/value.h"

#include <string>
#include <string_view>
#include <vector>

namespace plumb::capture {

// {a: 5, b: {$gt: 1, $lt: 9}} → {a: "=", b: [">", "<"]}; conjunctions become one flat filter.
[[nodiscard]] bson::Document filter_pattern(bson::View filter);

// Field paths, operators, 0, 1, -1 and booleans stay; every other constant becomes "?".
void append_expression_pattern(std::string_view name, bson::ValueView value, bson::Builder& out);

// The stages, each with its own rule.
[[nodiscard]] std::vector<bson::Document> pipeline_pattern(bson::View pipeline);

// {a: 1, b: 1} in the order of the names; computed fields without their constants.
[[nodiscard]] bson::Document projection_pattern(bson::View projection);

// Which fields an update touches: {$set: ["a", "b"]}, "replacement" or "pipeline".
void append_update_pattern(std::string_view name, bson::ValueView update, bson::Builder& out);

// A pattern as people read it: names without quotes, kinds as they are.
[[nodiscard]] std::string pattern_text(bson::View pattern);

}  // namespace plumb::capture
