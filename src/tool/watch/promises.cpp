// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/watch/promises.h"

#include "tool/bench/compare.h"
#include "tool/bench/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace plumb::watch {
namespace {

constexpr double kReportLimitNs = 1e9;  // "report queries complete in under a second"

std::string lower(std::string_view text) {
    std::string out{text};
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return out;
}

// The ids that the project names, else those of the queries whose title has the word.
std::vector<std::string> rows_about(const BaselineSources& sources,
                                    const std::vector<std::string>& named,
                                    std::string_view word) {
    if (!named.empty()) {
        return named;
    }
    std::vector<std::string> out;
    for (const workload::Query& query : sources.workload->queries) {
        if (lower(query.title).find(word) != std::string::npos) {
            out.push_back(query.id);
        }
    }
    return out;
}

MeasuredPromise not_measured(std::string item, std::string promised, std::string why) {
    return {.item = std::move(item),
            .promised = std::move(promised),
            .measured = "",
            .verdict = "not measured",
            .evidence = std::move(why)};
}

MeasuredPromise dashboard(const BaselineSources& sources, const bench::Comparison* comparison) {
    const auto ids = rows_about(sources, sources.dashboard, "dashboard");
    if (ids.empty()) {
        return not_measured(
            "dashboard", "", "no query is the dashboard; name it: `watch: {dashboard: [ID]}`");
    }
    const workload::Query* query = sources.workload->query(ids.front());
    if (query == nullptr) {
        return not_measured("dashboard",
                            "",
                            fmt::format("{} has no query {}", sources.workload->file, ids.front()));
    }
    if (comparison != nullptr) {
        for (const bench::RowComparison& row : comparison->rows) {
            if (row.after.id != query->id) {
                continue;
            }
            MeasuredPromise out{.item = "dashboard"};
            out.promised =
                row.promise
                    ? fmt::format("{}–{}× faster", row.promise->range.low, row.promise->range.high)
                    : std::string{};
            out.measured = bench::interval_text(row.factor.point, row.factor.low, row.factor.high);
            out.verdict = bench::verdict_text(row.verdict);
            out.evidence = fmt::format("{} {}: median {} → {} (bench/before.json, after.json)",
                                       query->id,
                                       query->title,
                                       bench::duration_text(row.before.p50_ns),
                                       bench::duration_text(row.after.p50_ns));
            return out;
        }
    }
    return not_measured("dashboard",
                        "",
                        fmt::format("{} was not measured before and after: plumb bench --before, "
                                    "plumb bench --after",
                                    query->id));
}

MeasuredPromise reports(const BaselineSources& sources) {
    const std::string promised = "each under 1 s";
    const auto ids = rows_about(sources, sources.reports, "report");
    if (ids.empty()) {
        return not_measured(
            "reports", promised, "no query is a report; name them: `watch: {reports: [ID, …]}`");
    }
    std::vector<std::string> parts;
    double slowest = 0;
    for (const std::string& id : ids) {
        const bench::Row* row = sources.after ? sources.after->row(id) : nullptr;
        if (row == nullptr || row->samples == 0) {
            return not_measured(
                "reports", promised, fmt::format("{} was not measured: plumb bench --after", id));
        }
        slowest = std::max(slowest, row->p95_ns);
        parts.push_back(
            fmt::format("{} {}: p95 {}", id, row->title, bench::duration_text(row->p95_ns)));
    }
    MeasuredPromise out{.item = "reports", .promised = promised};
    out.measured = fmt::format("slowest p95 {}", bench::duration_text(slowest));
    out.verdict = slowest < kReportLimitNs ? "met" : "missed";
    out.evidence = fmt::format("{} (bench/after.json)", fmt::join(parts, "; "));
    return out;
}

MeasuredPromise cpu(const BaselineSources& sources, const bench::Comparison* comparison) {
    const auto& promises = sources.workload->promises;
    const auto promise = std::find_if(promises.begin(), promises.end(), [](const auto& each) {
        return each.kind == workload::PromiseKind::Cpu;
    });
    if (promise == promises.end()) {
        return not_measured("cpu", "", "the workload promises nothing about CPU");
    }
    if (comparison != nullptr) {
        for (const bench::WholeComparison& whole : comparison->wholes) {
            if (whole.name == promise->name) {
                return {.item = "cpu",
                        .promised = whole.promised,
                        .measured = whole.measured,
                        .verdict = std::string{bench::verdict_text(whole.verdict)},
                        .evidence = fmt::format("{} (bench/before.json, after.json)",
                                                fmt::join(whole.reasons, "; "))};
            }
        }
    }
    return not_measured("cpu",
                        fmt::format("{}–{} % less", promise->range.low, promise->range.high),
                        "plumb bench --before, plumb bench --after");
}

}  // namespace

std::vector<MeasuredPromise> measured_promises(const BaselineSources& sources) {
    std::optional<bench::Comparison> comparison;
    if (sources.before && sources.after) {
        comparison = bench::compare(*sources.before, *sources.after, *sources.workload);
    }
    const bench::Comparison* both = comparison ? &*comparison : nullptr;
    return {dashboard(sources, both), reports(sources), cpu(sources, both)};
}

}  // namespace plumb::watch
