// SPDX-License-Identifier: GPL-3.0-or-later
// The report as Markdown, for a pull request or a wiki.
#include "tool/bench/figures.h"
#include "tool/report/report.h"

#include <fmt/format.h>

namespace plumb::report {
namespace {

using bench::RowComparison;
using bench::Verdict;

std::string cell(std::string_view text) {
    std::string out;
    for (const char letter : text) {
        out += letter == '|' ? "\\|" : std::string(1, letter);
    }
    return out;
}

std::string row_line(const std::vector<std::string>& cells) {
    std::string out = "|";
    for (const std::string& one : cells) {
        out += " " + cell(one) + " |";
    }
    return out + "\n";
}

std::string promised(const RowComparison& row) {
    return row.promise.has_value()
               ? fmt::format("{}–{}×", row.promise->range.low, row.promise->range.high)
               : "";
}

std::string rows(const ReportInput& input) {
    std::string out = row_line(
        {"row", "what", "p50", "docs examined", "plan after", "factor", "promise", "verdict"});
    out += "|---|---|---|---|---|---|---|---|\n";
    for (const RowComparison& row : input.comparison.rows) {
        if (row.verdict == Verdict::NotMeasured) {
            out += row_line(
                {row.after.id, row.after.title, "", "", "", "", promised(row), "not measured"});
            continue;
        }
        out += row_line({row.after.id,
                         row.after.title,
                         bench::duration_text(row.before.p50_ns) + " → " +
                             bench::duration_text(row.after.p50_ns),
                         bench::count_text(row.before.docs_examined) + " → " +
                             bench::count_text(row.after.docs_examined),
                         row.after.plan,
                         bench::interval_text(row.factor.point, row.factor.low, row.factor.high),
                         promised(row),
                         std::string{bench::verdict_text(row.verdict)}});
    }
    return out;
}

std::string reasons(const ReportInput& input) {
    std::string out;
    for (const RowComparison& row : input.comparison.rows) {
        for (const std::string& reason : row.reasons) {
            out += fmt::format("- **{}** {}\n", row.after.id, reason);
        }
    }
    return out;
}

std::string wholes(const ReportInput& input) {
    std::string out = row_line({"promise", "promised", "measured", "verdict"});
    out += "|---|---|---|---|\n";
    for (const bench::WholeComparison& whole : input.comparison.wholes) {
        out += row_line({whole.name,
                         whole.promised,
                         whole.measured,
                         std::string{bench::verdict_text(whole.verdict)}});
    }
    return out;
}

std::string indexes(const ReportInput& input) {
    std::string out = row_line({"collection", "index", "size", "uses", ""});
    out += "|---|---|---:|---:|---|\n";
    for (const bench::IndexComparison& one : input.comparison.indexes) {
        if (!one.collection.starts_with("_")) {
            out += row_line({one.collection,
                             one.index.name,
                             bench::bytes_text(static_cast<double>(one.index.bytes)),
                             one.index.uses < 0 ? "–" : std::to_string(one.index.uses),
                             one.is_new    ? "new"
                             : one.is_gone ? "dropped"
                                           : ""});
        }
    }
    return out;
}

}  // namespace

std::string to_markdown(const ReportInput& input) {
    std::string out = fmt::format("# {}: before and after\n\n", input.project);
    for (const std::string& line : summary_lines(input)) {
        out += "- " + line + "\n";
    }
    out += "\n## Queries\n\n" + rows(input) + "\n" + reasons(input);
    out += "\n## Promises about the whole\n\n" + wholes(input);
    out += "\n## Indexes\n\n" + indexes(input);
    out += fmt::format("\n## Environment\n\n- {} at {}\n- {}\n- before {}, after {}\n",
                       input.after.environment.server,
                       input.after.environment.url,
                       input.after.environment.machine,
                       input.before.environment.at,
                       input.after.environment.at);
    out += "\n## How to reproduce\n\n";
    for (const std::string& line : input.reproduce) {
        out += "    " + line + "\n";
    }
    return out;
}

}  // namespace plumb::report
