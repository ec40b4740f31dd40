// SPDX-License-Identifier: GPL-3.0-or-later
// MongoDB Extended JSON, version 2.
//
//   PLUMB_TRY(document, from_json(R"({"n": {"$numberLong": "7"}})"));
//   std::string text = to_json(document, JsonMode::Relaxed);
//
// Reading takes canonical and relaxed forms; a plain integer becomes Int32 if it fits, else Int64,
// a number with a point or exponent Double.
//
// Source   MongoDB specifications, extended-json (v2)
// Threads  pure functions.
#pragma once

#include "base/result.h"
#include "bson/document.h"

#include <string>
#include <string_view>

namespace plumb::bson {

enum class JsonMode : std::uint8_t { Canonical, Relaxed };

// errors  FailedToParse (9) with line and column; Overflow (15) past kNestingParseMax levels
[[nodiscard]] Result<Document> from_json(std::string_view text);

[[nodiscard]] std::string to_json(View document, JsonMode mode = JsonMode::Relaxed);
[[nodiscard]] std::string to_json(ValueView value, JsonMode mode = JsonMode::Relaxed);

// Indented by two spaces, for people.
[[nodiscard]] std::string to_pretty_json(View document);

}  // namespace plumb::bson
