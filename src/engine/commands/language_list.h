// SPDX-License-Identifier: GPL-3.0-or-later
// `plumbd --list-language`: all that this plumbd understands, as one JSON document.
//
//   {"filter operators": [{"name": "$eq", "help": "…"}, …], …, "commands": […]}
//
// What is known and refused has `refused`, with the code and the message that a user gets.
// tools/compatibility makes docs/compatibility.md of it.
//
// Threads  pure function.
#pragma once

#include "base/result.h"

#include <string>

namespace plumb::commands {

// errors  InternalError if an operator that is said to be refused is taken
[[nodiscard]] Result<std::string> language_list();

}  // namespace plumb::commands
