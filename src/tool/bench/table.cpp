// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/table.h"

#include "tool/bench/figures.h"

#include <fmt/format.h>

#include <array>

namespace plumb::bench {
namespace {

constexpr std::array<std::size_t, 7> kColumns{4, 34, 20, 20, 20, 18, 9};

std::string line_of(const std::array<std::string, 7>& cells) {
    std::string out;
    for (std::size_t column = 0; column < cells.size(); ++column) {
        out += fill_right(cells[column], kColumns[column]) + "  ";
    }
    return out;
}

std::string arrow(const std::string& before, const std::string& after) {
    return before == after ? before : before + " → " + after;
}

std::string examined(const Row& row) {
    return row.counted ? count_text(row.docs_examined) : row.inserts_only ? "-" : "?";
}

std::string promised(const RowComparison& row) {
    if (!row.promise.has_value()) {
        return "";
    }
    return fmt::format("{}–{}×", row.promise->range.low, row.promise->range.high);
}

TableLine note(std::string text) {
    TableLine line;
    line.text = fmt::format("      {}", text);
    line.is_note = true;
    return line;
}

void add_row(const RowComparison& row, std::vector<TableLine>& out) {
    TableLine line;
    line.verdict = row.verdict;
    line.has_verdict = true;
    if (row.verdict == Verdict::NotMeasured) {
        line.text = line_of({row.after.id, row.after.title, "", "", "", "", promised(row)});
    } else {
        line.text =
            line_of({row.after.id,
                     row.after.title,
                     arrow(duration_text(row.before.p50_ns), duration_text(row.after.p50_ns)),
                     arrow(duration_text(row.before.p95_ns), duration_text(row.after.p95_ns)),
                     arrow(examined(row.before), examined(row.after)),
                     interval_text(row.factor.point, row.factor.low, row.factor.high),
                     promised(row)});
    }
    out.push_back(line);
    if (!row.after.plan.empty() || !row.before.plan.empty()) {
        out.push_back(note(row.before.plan == row.after.plan
                               ? row.after.plan
                               : row.before.plan + "  ⟶  " + row.after.plan));
    }
    for (const std::string& reason : row.reasons) {
        out.push_back(note("· " + reason));
    }
}

TableLine plain(std::string text) {
    TableLine line;
    line.text = std::move(text);
    return line;
}

}  // namespace

std::vector<TableLine> comparison_table(const Comparison& comparison) {
    std::vector<TableLine> out;
    out.push_back(
        plain(line_of({"row", "what", "p50", "p95", "docs examined", "factor (95 %)", "promise"}) +
              "verdict"));
    for (const RowComparison& row : comparison.rows) {
        add_row(row, out);
    }
    out.push_back(plain(
        fmt::format("ratios within {} of 1 count as no difference, those of calls little "
                    "longer than a round trip within {}: so far apart are two runs of the same",
                    percent_text(100 * comparison.noise),
                    percent_text(100 * comparison.noise_short))));
    for (const WholeComparison& whole : comparison.wholes) {
        TableLine line;
        line.text = fmt::format("{}  {}  {}  ",
                                fill_right(whole.name, 22),
                                fill_right("promised " + whole.promised, 28),
                                fill_right("measured " + whole.measured, 70));
        line.verdict = whole.verdict;
        line.has_verdict = true;
        out.push_back(line);
        for (const std::string& reason : whole.reasons) {
            out.push_back(note("· " + reason));
        }
    }
    for (const std::string& warning : comparison.warnings) {
        out.push_back(plain("warning: " + warning));
    }
    return out;
}

std::vector<TableLine> recording_table(const Recording& recording) {
    std::vector<TableLine> out;
    out.push_back(plain(
        line_of({"row", "what", "p50 / p95", "p99 / max", "docs examined", "returned", "samples"}) +
        "plan"));
    for (const Row& row : recording.rows) {
        if (!row.error.empty()) {
            out.push_back(plain(line_of({row.id, row.title, "", "", "", "", "0"}) + row.error));
            continue;
        }
        out.push_back(plain(
            line_of(
                {row.id,
                 row.title,
                 duration_text(row.p50_ns) + " / " + duration_text(row.p95_ns),
                 duration_text(row.p99_ns) + " / " + duration_text(row.max_ns),
                 examined(row),
                 fmt::format("{}, {}", count_text(row.documents), bytes_text(row.bytes_received)),
                 std::to_string(row.samples)}) +
            row.plan));
    }
    return out;
}

}  // namespace plumb::bench
