// SPDX-License-Identifier: GPL-3.0-or-later
// The report as one HTML file.
#include "tool/bench/figures.h"
#include "tool/report/html.h"
#include "tool/report/plot.h"
#include "tool/report/report.h"
#include "tool/report/sections.h"

#include <fmt/format.h>

namespace plumb::report {
namespace {

using bench::RowComparison;
using bench::Verdict;

std::string summary(const ReportInput& input) {
    std::string out = "<section class=\"summary\" aria-label=\"Summary\"><ul>\n";
    for (const std::string& line : summary_lines(input)) {
        out += fmt::format("<li>{}</li>\n", prose(line));
    }
    for (const std::string& warning : input.comparison.warnings) {
        out += fmt::format("<li class=\"missed\">Careful: {}</li>\n", escaped(warning));
    }
    return out + "</ul></section>\n";
}

std::string promises(const ReportInput& input) {
    Table table{"Each promise and what was measured"};
    table.column("promise").column("promised").column("measured").column("verdict").column("why");
    for (const RowComparison& row : input.comparison.rows) {
        if (!row.promise.has_value()) {
            continue;
        }
        const std::string measured =
            row.verdict == Verdict::NotMeasured
                ? ""
                : fmt::format(
                      "{}: {} → {}",
                      bench::interval_text(row.factor.point, row.factor.low, row.factor.high),
                      bench::duration_text(row.before.p50_ns),
                      bench::duration_text(row.after.p50_ns));
        table.row({escaped(fmt::format("{} {}", row.after.id, row.promise->name)),
                   fmt::format("{}–{}×", row.promise->range.low, row.promise->range.high),
                   prose(measured),
                   verdict_html(row.verdict),
                   list_html(row.reasons)});
    }
    for (const bench::WholeComparison& whole : input.comparison.wholes) {
        table.row({escaped(whole.name),
                   prose(whole.promised),
                   prose(whole.measured),
                   verdict_html(whole.verdict),
                   list_html(whole.reasons)});
    }
    return "<h2>Promises and verdicts</h2>\n" + table.stacked().html();
}

std::string latency_table(const ReportInput& input) {
    Table table{"The figures behind the plot: medians, tails and what was examined for a call"};
    table.column("row").column("what").column("p50 before", true).column("after", true);
    table.column("p95 before", true).column("after", true).column("docs examined before", true);
    table.column("after", true).column("returned", true).column("factor (95 %)", true);
    for (const RowComparison& row : input.comparison.rows) {
        if (row.verdict == Verdict::NotMeasured) {
            table.row({escaped(row.after.id), escaped(row.after.title), list_html(row.reasons)});
            continue;
        }
        const auto examined = [](const bench::Row& one) {
            return one.counted ? bench::count_text(one.docs_examined) : std::string{"–"};
        };
        table.row({escaped(row.after.id),
                   escaped(row.after.title),
                   bench::duration_text(row.before.p50_ns),
                   bench::duration_text(row.after.p50_ns),
                   bench::duration_text(row.before.p95_ns),
                   bench::duration_text(row.after.p95_ns),
                   examined(row.before),
                   examined(row.after),
                   bench::count_text(row.after.documents),
                   bench::interval_text(row.factor.point, row.factor.low, row.factor.high)});
    }
    return table.html();
}

std::string plans(const ReportInput& input) {
    Table table{"How the server answers each query; reasons come from the measurements"};
    table.column("row").column("before").column("after").column("notes");
    for (const RowComparison& row : input.comparison.rows) {
        const bool same = row.before.plan == row.after.plan;
        table.row({escaped(row.after.id),
                   code_html(row.before.plan),
                   same ? "<span class=\"dim\">the same</span>" : code_html(row.after.plan),
                   list_html(row.reasons)});
    }
    return "<h2>Plans</h2>\n" + table.stacked().html();
}

std::string indexes(const ReportInput& input) {
    Table table{
        "Indexes of the later run; uses as the server counted them since it started or since "
        "the index was made; build times are those of the migration ledger, of all indexes that "
        "one operation built together"};
    table.column("collection")
        .column("index")
        .column("key")
        .column("size", true)
        .column("in cache", true)
        .column("built in", true)
        .column("uses", true);
    table.column("");
    for (const bench::IndexComparison& one : input.comparison.indexes) {
        if (one.collection.starts_with("_")) {
            continue;
        }
        table.row(
            {escaped(one.collection),
             code_html(one.index.name),
             code_html(one.index.key),
             bench::bytes_text(static_cast<double>(one.index.bytes)),
             known_bytes(static_cast<double>(one.index.cache_bytes)),
             known_duration(static_cast<double>(one.index.build_ms) * 1e6),
             one.index.uses < 0 ? "–" : bench::count_text(static_cast<double>(one.index.uses)),
             one.is_new    ? "new"
             : one.is_gone ? "dropped"
                           : ""});
    }
    return "<h2>Indexes</h2>\n" + table.html();
}

std::string history(const ReportInput& input) {
    if (input.history.empty()) {
        return "<h2>Migrations</h2>\n<p class=\"dim\">The database has no migration ledger.</p>\n";
    }
    Table table{"From the ledger in the database"};
    table.column("version").column("name").column("state").column("at").column("took", true);
    table.column("host");
    for (const HistoryRow& row : input.history) {
        table.row({escaped(row.version),
                   escaped(row.name),
                   escaped(row.state),
                   escaped(row.at),
                   bench::duration_text(static_cast<double>(row.ms) * 1e6),
                   escaped(row.host)});
    }
    return "<h2>Migrations</h2>\n" + table.html();
}

std::string environment(const ReportInput& input) {
    Table table{"Where and how the two runs were made"};
    table.column("").column("before").column("after");
    const bench::Environment& before = input.before.environment;
    const bench::Environment& after = input.after.environment;
    const auto add = [&table](
                         std::string_view name, const std::string& one, const std::string& two) {
        table.row({escaped(name), escaped(one), escaped(two)});
    };
    add("time", before.at, after.at);
    add("server", before.server, after.server);
    add("address", before.url, after.url);
    add("database", before.database, after.database);
    add("measured on", before.machine, after.machine);
    add("round trip", bench::duration_text(before.ping_ns), bench::duration_text(after.ping_ns));
    add("seed of the parameters", std::to_string(before.seed), std::to_string(after.seed));
    add("samples a query",
        fmt::format("{} or {} ms", before.samples_wanted, before.time_limit_ms),
        fmt::format("{} or {} ms", after.samples_wanted, after.time_limit_ms));
    std::string out = "<h2>Environment</h2>\n" + table.html();
    Table sizes{"Collections at the later run"};
    sizes.column("collection")
        .column("documents", true)
        .column("data", true)
        .column("on disk", true);
    for (const bench::CollectionInfo& one : input.after.collections) {
        if (one.name.starts_with("_")) {
            continue;
        }
        sizes.row({escaped(one.name),
                   bench::count_text(static_cast<double>(one.documents)),
                   bench::bytes_text(static_cast<double>(one.data_bytes)),
                   bench::bytes_text(static_cast<double>(one.storage_bytes))});
    }
    return out + "<br>\n" + sizes.html();
}

std::string reproduce(const ReportInput& input) {
    std::string commands;
    for (const std::string& line : input.reproduce) {
        commands += escaped(line) + "\n";
    }
    return "<h2>How to reproduce</h2>\n<pre>" + commands +
           "</pre>\n<p class=\"dim\">Medians with 95 % bootstrap intervals; a ratio whose interval "
           "holds 1, or that is no further from 1 than queries moved whose plan did not change (" +
           bench::percent_text(100 * input.comparison.noise) +
           "; of calls little longer than a round trip " +
           bench::percent_text(100 * input.comparison.noise_short) +
           "), is no difference. Outliers are kept. Updates were sent with values of the same "
           "kind and put back; inserted documents were removed. The same seed draws the same "
           "parameters in both runs.</p>\n";
}

}  // namespace

std::string to_html(const ReportInput& input) {
    const std::string title = fmt::format("{}: before and after", input.project);
    std::string out = fmt::format(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<title>{0}</title>\n<style>{1}</style>\n</head>\n<body>\n<main>\n<h1>{0}</h1>\n"
        "<p class=\"dim\">{2} · {3}</p>\n",
        escaped(title),
        style_sheet(),
        escaped(input.after.environment.database),
        escaped(input.after.environment.at));
    out += summary(input) + promises(input);
    out +=
        "<h2>Before and after</h2>\n<p class=\"dim\">Median duration of a call, on a "
        "logarithmic scale: each line is ten times the one to its left.</p>\n" +
        before_after_plot(input.comparison.rows) + "<h3>The same as a table</h3>\n" +
        latency_table(input);
    out += plans(input) + indexes(input) + resources_section(input) + writes_section(input);
    out += history(input) + extra_sections(input) + figures_section(input);
    out += environment(input) + reproduce(input);
    return out + "</main>\n</body>\n</html>\n";
}

}  // namespace plumb::report
