// SPDX-License-Identifier: GPL-3.0-or-later
// Lint: what is wrong with migrations before anything runs. One row and one file a code.
//
//   PLUMB_TRY(report, run_lint(context));
//   for (const Finding& finding : report.findings) { … finding.row->code … }
//
// A code is allowed by the file it is about: `allow: [REDUNDANT_NEW]`.
//
// Source   spec 04 "Lint"; tests/data/lint has a failing and a passing case for each code
// Threads  one thread.
#pragma once

#include "tool/migrate/lint/context.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::migrate::lint {

enum class Severity : std::uint8_t {
    Error,    // it would fail, or do something else than is written
    Warning,  // it would work and is likely not what is wanted
};

// What a check needs beside the files.
enum class Needs : std::uint8_t { Files, Database, Scan, Workload };

struct LintRow {
    std::string_view code;
    Severity severity = Severity::Warning;
    Needs needs = Needs::Files;
    bool can_be_allowed = true;
    std::string_view about;   // what it finds
    std::string_view reason;  // why that matters
    std::string_view remedy;  // what to do instead
    FoundList (*check)(const Context& context) = nullptr;
};

struct Finding {
    const LintRow* row = nullptr;
    Found found;
};

struct Skipped {
    const LintRow* row = nullptr;
    std::string why;
};

struct LintReport {
    std::vector<Finding> findings;  // by file, line and column
    std::vector<Finding> allowed;   // found, and meant to be so
    std::vector<Skipped> skipped;   // not looked for

    [[nodiscard]] bool has_errors() const;
};

// All codes, sorted.
[[nodiscard]] std::span<const LintRow> lint_rows();
// Null if there is no such code.
[[nodiscard]] const LintRow* find_lint(std::string_view code);

// Runs every check that has what it needs. requires play_steps(context)
//   errors  what the server says
[[nodiscard]] Result<LintReport> run_lint(const Context& context);

}  // namespace plumb::migrate::lint
