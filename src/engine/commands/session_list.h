// SPDX-License-Identifier: GPL-3.0-or-later
// The sessions that a command names: endSessions, refreshSessions, killSessions.
//
// Threads  pure functions.
#pragma once

#include "base/result.h"
#include "bson/document.h"

#include <string>
#include <vector>

namespace plumb::commands {

// Of the command's first field, an array of {id: UUID}.
//   errors  TypeMismatch; 40414, 207 for a session that is none; InvalidLength over 10 000
[[nodiscard]] Result<std::vector<std::string>> listed_sessions(bson::View command);

}  // namespace plumb::commands
