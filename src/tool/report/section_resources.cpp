// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/figures.h"
#include "tool/report/html.h"
#include "tool/report/sections.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::report {
namespace {

struct Totals {
    double data = 0;
    double indexes = 0;
    double indexes_cached = 0;  // below 0: not told
};

Totals totals_of(const bench::Recording& recording) {
    Totals out;
    for (const bench::CollectionInfo& one : recording.collections) {
        if (one.name.starts_with("_")) {
            continue;
        }
        out.data += static_cast<double>(one.storage_bytes);
        for (const bench::IndexInfo& index : one.indexes) {
            out.indexes += static_cast<double>(index.bytes);
            if (index.cache_bytes < 0 || out.indexes_cached < 0) {
                out.indexes_cached = -1;
            } else {
                out.indexes_cached += static_cast<double>(index.cache_bytes);
            }
        }
    }
    return out;
}

std::string memory_table(const ReportInput& input) {
    const bench::Resources& before = input.before.resources;
    const bench::Resources& after = input.after.resources;
    const Totals sizes_before = totals_of(input.before);
    const Totals sizes_after = totals_of(input.after);
    Table table{"At the end of each run"};
    table.column("").column("before", true).column("after", true);
    const auto add = [&table](const char* name, double one, double two) {
        table.row({name, known_bytes(one), known_bytes(two)});
    };
    add("documents on disk", sizes_before.data, sizes_after.data);
    add("indexes on disk", sizes_before.indexes, sizes_after.indexes);
    add("indexes in the cache", sizes_before.indexes_cached, sizes_after.indexes_cached);
    add("cache in use",
        static_cast<double>(before.cache_bytes),
        static_cast<double>(after.cache_bytes));
    add("cache at most",
        static_cast<double>(before.cache_bytes_limit),
        static_cast<double>(after.cache_bytes_limit));
    add("peak memory of the server since its start",
        static_cast<double>(before.resident_bytes_max),
        static_cast<double>(after.resident_bytes_max));
    return table.html();
}

void add_mixed(const bench::Mixed& mixed, const char* side, Table& table) {
    const double calls = std::max(1.0, static_cast<double>(mixed.calls));
    const auto a_call = [calls](double value) { return value < 0 ? -1 : value / calls; };
    table.row({side,
               mixed.rate > 0 ? fmt::format("{} calls a second due", bench::count_text(mixed.rate))
                              : std::string{"as fast as it goes"},
               std::to_string(mixed.connections),
               fmt::format("{:.0f} s", mixed.seconds),
               bench::count_text(mixed.throughput),
               bench::duration_text(mixed.p50_ns),
               bench::duration_text(mixed.p95_ns),
               bench::duration_text(mixed.p99_ns),
               bench::duration_text(mixed.max_ns),
               known_duration(a_call(mixed.server_cpu_ns)),
               known_bytes(a_call(mixed.bytes_sent)),
               known_bytes(mixed.cache_read_bytes),
               std::to_string(mixed.errors + mixed.unanswered)});
}

std::string mixed_table(const ReportInput& input) {
    if (input.before.mixed.empty() && input.after.mixed.empty()) {
        return {};
    }
    Table table{
        "The whole workload in its proportions. Where calls are due at a rate, durations count "
        "from when a call was due; CPU and bytes sent are for a call"};
    table.column("run").column("load").column("connections", true).column("for", true);
    table.column("calls a second", true).column("p50", true).column("p95", true);
    table.column("p99", true).column("max", true).column("server CPU", true);
    table.column("sent", true).column("read into cache", true).column("failed", true);
    for (const bench::Mixed& mixed : input.before.mixed) {
        add_mixed(mixed, "before", table);
    }
    for (const bench::Mixed& mixed : input.after.mixed) {
        add_mixed(mixed, "after", table);
    }
    return "<h3>The workload as a whole</h3>\n" + table.html();
}

}  // namespace

std::string resources_section(const ReportInput& input) {
    return "<h2>Resources</h2>\n" + memory_table(input) + mixed_table(input);
}

std::string extra_sections(const ReportInput& input) {
    std::string out;
    for (const ExtraSection& section : input.extra) {
        out += fmt::format("<h2>{}</h2>\n", escaped(section.heading));
        if (!section.lines.empty()) {
            out += "<ul>\n";
            for (const std::string& line : section.lines) {
                out += fmt::format("<li>{}</li>\n", prose(line));
            }
            out += "</ul>\n";
        }
        if (section.columns.empty()) {
            continue;
        }
        Table table{section.caption};
        for (const std::string& column : section.columns) {
            table.column(column);
        }
        for (const auto& row : section.rows) {
            std::vector<std::string> cells;
            for (const std::string& cell : row) {
                cells.push_back(prose(cell));
            }
            table.row(std::move(cells));
        }
        out += table.stacked().html();
    }
    return out;
}

}  // namespace plumb::report
