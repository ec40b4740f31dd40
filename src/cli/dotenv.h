// SPDX-License-Identifier: GPL-3.0-or-later
// Reads .env files.
//
// Format   NAME=value a line; `export ` before and spaces around are allowed, # begins a comment;
//          'single quotes' keep everything, "double quotes" know \n \" \\; no expansion of $NAME.
// Threads  pure functions.
#pragma once

#include "base/result.h"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace plumb::cli {

using EnvironmentMap = std::map<std::string, std::string, std::less<>>;

// errors  UsageError naming file and line of what is no assignment
[[nodiscard]] Result<EnvironmentMap> parse_dotenv(std::string_view text, std::string_view file);

// As parse_dotenv; empty if there is no such file.
[[nodiscard]] Result<EnvironmentMap> load_dotenv(const std::filesystem::path& path);

}  // namespace plumb::cli
