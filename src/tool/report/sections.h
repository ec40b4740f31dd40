// SPDX-License-Identifier: GPL-3.0-or-later
// The sections of the HTML page, one function each; empty text where nothing was recorded.
//
// Threads  pure functions.
#pragma once

#include "tool/bench/verdict.h"
#include "tool/report/report.h"

#include <string>
#include <string_view>
#include <vector>

namespace plumb::report {

// Every figure of every query, before and after.
[[nodiscard]] std::string figures_section(const ReportInput& input);
// Memory, cache, index sizes, mixed runs.
[[nodiscard]] std::string resources_section(const ReportInput& input);
// What writes cost by the number of indexes: a plot and the table behind it.
[[nodiscard]] std::string writes_section(const ReportInput& input);
// What other commands recorded.
[[nodiscard]] std::string extra_sections(const ReportInput& input);

// `<code>` around the text; nothing for nothing.
[[nodiscard]] std::string code_html(std::string_view text);
// Lines with breaks between them.
[[nodiscard]] std::string list_html(const std::vector<std::string>& lines);
[[nodiscard]] std::string verdict_html(bench::Verdict verdict);

// "–" for figures below 0, which the server did not tell.
[[nodiscard]] std::string known_bytes(double bytes);
[[nodiscard]] std::string known_duration(double nanoseconds);

}  // namespace plumb::report
