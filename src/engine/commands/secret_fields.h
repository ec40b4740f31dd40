// SPDX-License-Identifier: GPL-3.0-or-later
// The fields of commands that nobody may read in a log, in currentOp or in system.profile.
//
//   if (is_secret("createUser", "pwd")) { … "xxx" … }
//
// Threads  pure functions.
#pragma once

#include <string_view>

namespace plumb::commands {

// Written in the place of a secret.
inline constexpr std::string_view kHidden = "xxx";

[[nodiscard]] bool is_secret(std::string_view command, std::string_view field);

}  // namespace plumb::commands
