// SPDX-License-Identifier: GPL-3.0-or-later
// MongoDB Extended JSON, version 2.
//
//   PLUMB_TRY(document, from_json(R"({"n": {"$numberLong": "7"}})"));
//   std::string text = to_json(document, JsonMode::Relaxed);
//
// Reading takes canonical and relaxed forms and $uuid; a plain integer becomes Int32 if it fits,
// else Int64, else Double, a number with a point or exponent Double. Beyond JSON it takes names
// without quotes ({a: 1, $or: []}) and strings in single quotes. {"$regex": …} stays the query
// operator; a regular expression is {"$regularExpression": …}.
//
// Source   MongoDB specifications, extended-json (v2)
// Threads  pure functions.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "bson/value.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace plumb::bson {

enum class JsonMode : std::uint8_t { Canonical, Relaxed };

// The one document that `text` is.
//   errors  FailedToParse (9) with line and column; Overflow (15) past
//           kNestingParseMax levels
[[nodiscard]] Result<Document> from_json(std::string_view text);

// On one line. Bytes that are no UTF-8 are written as U+FFFD.
[[nodiscard]] std::string to_json(View document, JsonMode mode = JsonMode::Relaxed);
// A Missing value is written as null.
[[nodiscard]] std::string to_json(ValueView value, JsonMode mode = JsonMode::Relaxed);

// Relaxed, indented by two spaces, for people.
[[nodiscard]] std::string to_pretty_json(View document);

}  // namespace plumb::bson
