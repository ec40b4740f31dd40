// SPDX-License-Identifier: GPL-3.0-or-later
// Mixed runs and measured writes as lines for a terminal.
#include "tool/bench/figures.h"
#include "tool/bench/table.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::bench {
namespace {

TableLine plain(std::string text) {
    TableLine line;
    line.text = std::move(text);
    return line;
}

TableLine note(std::string text) {
    TableLine line = plain(std::move(text));
    line.is_note = true;
    return line;
}

std::string known(double value, std::string (*text)(double)) {
    return value < 0 ? "not told" : text(value);
}

std::string per_call(const Mixed& mixed, double value, std::string (*text)(double)) {
    return value < 0 || mixed.calls == 0 ? "not told"
                                         : text(value / static_cast<double>(mixed.calls));
}

std::string row_line(const std::vector<std::string>& cells,
                     const std::vector<std::size_t>& widths) {
    std::string out;
    for (std::size_t index = 0; index < cells.size(); ++index) {
        out += fill_right(cells[index], widths[index]) + "  ";
    }
    return out;
}

void add_trial_row(const WriteRow& row, std::vector<TableLine>& out) {
    const std::string what =
        row.field.empty() ? row.kind : fmt::format("{} ({})", row.kind, row.field);
    if (!row.error.empty()) {
        out.push_back(note(fmt::format("  {}: {}", what, row.error)));
        return;
    }
    const std::vector<std::size_t> widths{44, 8, 22, 22, 7};
    for (const WriteLevel& level : row.levels) {
        const bool spans = level.indexes > 0 && level.ratio.spans_one();
        out.push_back(plain(
            row_line({level.indexes == 0 ? "  " + what : "",
                      fmt::format("{}", level.indexes),
                      duration_text(level.p50_ns) + " / " + duration_text(level.p95_ns),
                      level.indexes == 0
                          ? "1"
                          : interval_text(level.ratio.point, level.ratio.low, level.ratio.high),
                      fmt::format("{}{}", level.samples, spans ? "  no difference" : "")},
                     widths)));
    }
}

}  // namespace

std::vector<TableLine> mixed_table(const Mixed& mixed) {
    std::vector<TableLine> out;
    out.push_back(plain(fmt::format(
        "{} for {:.1f} s over {} connections: {} calls, {} a second, {} errors{}",
        mixed.rate > 0 ? fmt::format("{:.1f} calls a second due", mixed.rate)
                       : std::string{"as fast as it goes"},
        mixed.seconds,
        mixed.connections,
        count_text(static_cast<double>(mixed.calls)),
        count_text(mixed.throughput),
        mixed.errors,
        mixed.unanswered > 0 ? fmt::format(", {} due but never sent", mixed.unanswered) : "")));
    out.push_back(plain(fmt::format(
        "p50 {}  p95 {}  p99 {}  max {}{}",
        duration_text(mixed.p50_ns),
        duration_text(mixed.p95_ns),
        duration_text(mixed.p99_ns),
        duration_text(mixed.max_ns),
        mixed.rate > 0
            ? fmt::format("  (p99 of the service alone {})", duration_text(mixed.service_p99_ns))
            : "")));
    out.push_back(plain(fmt::format(
        "server CPU {} ({} a call), sent {} ({} a call), received {}, cache {} held, {} read in",
        known(mixed.server_cpu_ns, duration_text),
        per_call(mixed, mixed.server_cpu_ns, duration_text),
        known(mixed.bytes_sent, bytes_text),
        per_call(mixed, mixed.bytes_sent, bytes_text),
        known(mixed.bytes_received, bytes_text),
        known(mixed.cache_bytes, bytes_text),
        known(mixed.cache_read_bytes, bytes_text))));
    const std::vector<std::size_t> widths{6, 9, 11, 11, 11, 11, 7};
    out.push_back(note(row_line({"row", "calls", "p50", "p95", "p99", "max", "errors"}, widths)));
    for (const MixedRow& row : mixed.rows) {
        out.push_back(note(row_line({row.id,
                                     count_text(static_cast<double>(row.calls)),
                                     duration_text(row.p50_ns),
                                     duration_text(row.p95_ns),
                                     duration_text(row.p99_ns),
                                     duration_text(row.max_ns),
                                     std::to_string(row.errors)},
                                    widths)));
    }
    if (!mixed.first_error.empty()) {
        out.push_back(plain("first error: " + mixed.first_error));
    }
    return out;
}

std::vector<TableLine> write_table(const WriteTrial& trial) {
    std::vector<TableLine> out;
    for (const TrialCollection& one : trial.collections) {
        out.push_back(plain(fmt::format("{} ({} in the scratch copy)",
                                        one.name,
                                        documents_text(static_cast<double>(one.documents)))));
        for (std::size_t index = 0; index < one.indexes.size(); ++index) {
            const TrialIndex& added = one.indexes[index];
            out.push_back(note(fmt::format("  index {}: {}, {}, built in {} ms{}",
                                           index + 1,
                                           added.name,
                                           bytes_text(static_cast<double>(added.bytes)),
                                           added.build_ms,
                                           added.note.empty() ? "" : "; " + added.note)));
        }
        out.push_back(note(row_line(
            {"  write", "indexes", "p50 / p95", "to none (95 %)", "samples"}, {44, 8, 22, 22, 7})));
        for (const WriteRow& row : one.rows) {
            add_trial_row(row, out);
        }
    }
    return out;
}

}  // namespace plumb::bench
