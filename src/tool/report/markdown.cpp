// SPDX-License-Identifier: GPL-3.0-or-later
// The report as Markdown, for a pull request or a wiki.
#include "tool/bench/figures.h"
#include "tool/report/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

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

std::string whole_reasons(const ReportInput& input) {
    std::string out;
    for (const bench::WholeComparison& whole : input.comparison.wholes) {
        for (const std::string& reason : whole.reasons) {
            out += fmt::format("- **{}** {}\n", whole.name, reason);
        }
    }
    return out;
}

std::string writes(const ReportInput& input) {
    if (!input.writes.has_value()) {
        return {};
    }
    std::string out = "\n## What writes cost\n\n" +
                      row_line({"collection", "write", "indexes", "p50", "to none (95 %)"}) +
                      "|---|---|---:|---:|---|\n";
    for (const bench::TrialCollection& collection : input.writes->collections) {
        for (const bench::WriteRow& row : collection.rows) {
            for (const bench::WriteLevel& level : row.levels) {
                out += row_line(
                    {collection.name,
                     row.field.empty() ? row.kind : fmt::format("{} ({})", row.kind, row.field),
                     std::to_string(level.indexes),
                     bench::duration_text(level.p50_ns),
                     level.indexes == 0
                         ? std::string{"1"}
                         : bench::interval_text(
                               level.ratio.point, level.ratio.low, level.ratio.high) +
                               (level.ratio.spans_one() ? " no difference" : "")});
            }
        }
    }
    return out;
}

std::string mixed(const ReportInput& input) {
    std::string out;
    for (const auto& [side, recording] :
         {std::pair{"before", &input.before}, std::pair{"after", &input.after}}) {
        for (const bench::Mixed& one : recording->mixed) {
            out += row_line(
                {side,
                 one.rate > 0 ? bench::count_text(one.rate) : "as fast as it goes",
                 bench::count_text(one.throughput),
                 bench::duration_text(one.p50_ns),
                 bench::duration_text(one.p99_ns),
                 one.server_cpu_ns < 0
                     ? "–"
                     : bench::duration_text(one.server_cpu_ns /
                                            std::max(1.0, static_cast<double>(one.calls)))});
        }
    }
    return out.empty() ? out
                       : "\n## The workload as a whole\n\n" +
                             row_line({"run",
                                       "calls a second due",
                                       "answered",
                                       "p50",
                                       "p99",
                                       "server CPU a call"}) +
                             "|---|---|---:|---:|---:|---:|\n" + out;
}

std::string extra(const ReportInput& input) {
    std::string out;
    for (const ExtraSection& section : input.extra) {
        out += fmt::format("\n## {}\n\n", section.heading);
        for (const std::string& line : section.lines) {
            out += "- " + line + "\n";
        }
        if (!section.columns.empty()) {
            out += "\n" + row_line(section.columns) + "|";
            for (std::size_t column = 0; column < section.columns.size(); ++column) {
                out += "---|";
            }
            out += "\n";
            for (const auto& row : section.rows) {
                out += row_line(row);
            }
        }
    }
    return out;
}

std::string indexes(const ReportInput& input) {
    std::string out = row_line({"collection", "index", "size", "in cache", "uses", ""});
    out += "|---|---|---:|---:|---:|---|\n";
    for (const bench::IndexComparison& one : input.comparison.indexes) {
        if (!one.collection.starts_with("_")) {
            out += row_line({one.collection,
                             one.index.name,
                             bench::bytes_text(static_cast<double>(one.index.bytes)),
                             one.index.cache_bytes < 0
                                 ? "–"
                                 : bench::bytes_text(static_cast<double>(one.index.cache_bytes)),
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
    out += "\n## Promises about the whole\n\n" + wholes(input) + "\n" + whole_reasons(input);
    out += "\n## Indexes\n\n" + indexes(input) + writes(input) + mixed(input) + extra(input);
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
