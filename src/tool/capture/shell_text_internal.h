// SPDX-License-Identifier: GPL-3.0-or-later
// Documents as servers before 4.4 wrote them into their logs: names without quotes, `new Date(7)`,
// `ObjectId('…')`, `/pattern/i`.
//
// Threads  pure functions.
#pragma once

#include "base/result.h"
#include "bson/document.h"

#include <string_view>

namespace plumb::capture {

// errors  FailedToParse with the place; a text that the server cut short ("...") is one
[[nodiscard]] Result<bson::Document> parse_shell_text(std::string_view text);

}  // namespace plumb::capture
