// SPDX-License-Identifier: GPL-3.0-or-later
// A verify report as lines for people.
//
// Threads  pure functions.
#pragma once

#include "cli/console.h"
#include "tool/verify/report.h"

#include <string>
#include <vector>

namespace plumb::cli {

// "  - email_1: { email: 1 } unique  ✓"; `with_usage` adds how it is used.
[[nodiscard]] std::string verify_line(const Console& console,
                                      const verify::Line& line,
                                      bool with_usage);

// "12 of 12 declared indexes are there; 0 missing, 0 different, 0 extra", with its sign in front.
[[nodiscard]] std::string verify_summary(const Console& console, const verify::Report& report);

// The whole report.
[[nodiscard]] std::vector<std::string> verify_lines(const Console& console,
                                                    const verify::Report& report,
                                                    bool with_usage);

}  // namespace plumb::cli
