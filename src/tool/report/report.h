// SPDX-License-Identifier: GPL-3.0-or-later
// The report: what was measured before and after a migration, held against the promises, as one
// HTML file that needs nothing else, as Markdown and as JSON.
//
//   PLUMB_CHECK(write_report(input, ".plumbline/report.html"));   // and .md and .json beside it
//
// Threads  pure functions but for the writing.
#pragma once

#include "base/result.h"
#include "client/client.h"
#include "tool/bench/compare.h"
#include "tool/bench/recording.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::report {

// One migration as its ledger has it.
struct HistoryRow {
    std::string version;
    std::string name;
    std::string state;
    std::string at;  // ISO 8601, UTC
    std::int64_t ms = 0;
    std::string host;
};

// What another command recorded: a rehearsal, a watch. Shown only where there is one.
struct ExtraSection {
    std::string heading;
    std::vector<std::string> lines;
    std::string caption;  // of the table; no table if there are no columns
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;  // plain text
};

struct ReportInput {
    std::string project;
    bench::Recording before;
    bench::Recording after;
    bench::Comparison comparison;
    std::vector<HistoryRow> history;
    std::vector<std::string> reproduce;       // command lines
    std::optional<bench::WriteTrial> writes;  // what writes cost by index, if it was measured
    std::vector<ExtraSection> extra;
};

// The five lines at the top.
[[nodiscard]] std::vector<std::string> summary_lines(const ReportInput& input);

[[nodiscard]] std::string to_html(const ReportInput& input);
[[nodiscard]] std::string to_markdown(const ReportInput& input);
[[nodiscard]] std::string to_json(const ReportInput& input);

// Writes the HTML file at `path`, and `.md` and `.json` of the same name beside it.
//   errors  IoError
[[nodiscard]] Status write_report(const ReportInput& input, const std::filesystem::path& path);

// What the migration ledger of the database says; empty if there is none.
//   errors  what the server says
[[nodiscard]] Result<std::vector<HistoryRow>> read_history(client::Client& client,
                                                           std::string_view database);

}  // namespace plumb::report
