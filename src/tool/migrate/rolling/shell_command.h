// SPDX-License-Identifier: GPL-3.0-or-later
// Runs an operator's command. For this folder.
//
// Threads  one thread.
#pragma once

#include "base/clock.h"
#include "base/result.h"

#include <chrono>
#include <string>

namespace plumb::migrate {

// Runs it by /bin/sh, with what it says on our standard error, in a process group of its own: a
// Ctrl-C meant for us does not end a command that is bringing a member back.
//   errors  OperationFailed if it ends with another code than 0, or has not ended after `limit`
[[nodiscard]] Status run_shell(const std::string& command,
                               std::chrono::seconds limit,
                               const Clock& clock);

}  // namespace plumb::migrate
