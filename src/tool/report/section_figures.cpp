// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/bootstrap.h"
#include "tool/bench/figures.h"
#include "tool/report/html.h"
#include "tool/report/sections.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::report {
namespace {

std::string per_returned(const bench::Row& row, double examined) {
    return row.counted ? bench::count_text(examined / std::max(1.0, row.documents)) : "–";
}

void add_side(const bench::Row& row, const char* side, Table& table) {
    if (!row.error.empty()) {
        table.row({escaped(row.id), side, escaped(row.error)});
        return;
    }
    table.row({escaped(row.id),
               side,
               bench::count_text(static_cast<double>(row.samples)),
               bench::duration_text(row.p50_ns),
               bench::duration_text(row.p95_ns),
               bench::duration_text(row.p99_ns),
               bench::duration_text(row.max_ns),
               bench::duration_text(row.first_ns),
               row.cold_ns.empty() ? "–" : bench::duration_text(bench::median(row.cold_ns)),
               per_returned(row, row.keys_examined),
               per_returned(row, row.docs_examined),
               bench::bytes_text(row.bytes_received),
               known_duration(row.server_cpu_ns)});
}

}  // namespace

std::string figures_section(const ReportInput& input) {
    Table table{
        "Every query, before and after. first: the first call of the run; cold: the median first "
        "call after a restart of the engine; keys and docs: examined for each document returned"};
    table.column("row").column("run").column("samples", true).column("p50", true);
    table.column("p95", true).column("p99", true).column("max", true).column("first", true);
    table.column("cold", true).column("keys", true).column("docs", true);
    table.column("received", true).column("server CPU", true);
    for (const bench::RowComparison& row : input.comparison.rows) {
        add_side(row.before, "before", table);
        add_side(row.after, "after", table);
    }
    return "<h2>All figures of a call</h2>\n" + table.html();
}

std::string code_html(std::string_view text) {
    return text.empty() ? "" : fmt::format("<code>{}</code>", escaped(text));
}

std::string list_html(const std::vector<std::string>& lines) {
    std::string out;
    for (const std::string& line : lines) {
        out += out.empty() ? "" : "<br>";
        out += prose(line);
    }
    return out;
}

std::string verdict_html(bench::Verdict verdict) {
    std::string css{bench::verdict_text(verdict)};
    std::erase(css, ' ');
    return fmt::format("<span class=\"v {}\">{}</span>", css, bench::verdict_text(verdict));
}

std::string known_bytes(double bytes) {
    return bytes < 0 ? "–" : bench::bytes_text(bytes);
}

std::string known_duration(double nanoseconds) {
    return nanoseconds < 0 ? "–" : bench::duration_text(nanoseconds);
}

}  // namespace plumb::report
