// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a command's session and transaction are those that opened a cursor.
//
// Threads  as CommandContext.
#pragma once

#include "base/result.h"
#include "engine/commands/command.h"

#include <cstdint>

namespace plumb::commands {

// errors  50736 … 50738 for another session, 50739 … 50741 for another transaction; nothing for a
//         cursor that is not there
[[nodiscard]] Status check_cursor_session(const CommandContext& context, std::int64_t id);

}  // namespace plumb::commands
