// SPDX-License-Identifier: GPL-3.0-or-later
// The five lines at the top of a report.
#include "tool/bench/figures.h"
#include "tool/report/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace plumb::report {
namespace {

using bench::RowComparison;
using bench::Verdict;

std::string scope_line(const ReportInput& input) {
    double documents = 0;
    for (const bench::CollectionInfo& collection : input.after.collections) {
        if (!collection.name.starts_with("_")) {
            documents += static_cast<double>(collection.documents);
        }
    }
    return fmt::format("{} queries were measured before and after on {} ({} documents, {}).",
                       input.comparison.rows.size(),
                       input.after.environment.database,
                       bench::count_text(documents),
                       input.after.environment.server);
}

std::string index_line(const ReportInput& input) {
    std::int64_t added = 0;
    std::int64_t gone = 0;
    double bytes = 0;
    for (const bench::IndexComparison& one : input.comparison.indexes) {
        if (one.collection.starts_with("_")) {
            continue;
        }
        added += one.is_new ? 1 : 0;
        gone += one.is_gone ? 1 : 0;
        bytes += one.is_new ? static_cast<double>(one.index.bytes) : 0;
    }
    return fmt::format(
        "{} indexes were added ({}), {} dropped.", added, bench::bytes_text(bytes), gone);
}

std::string promise_line(const ReportInput& input) {
    std::map<Verdict, int> counts;
    for (const RowComparison& row : input.comparison.rows) {
        if (row.promise.has_value()) {
            ++counts[row.verdict];
        }
    }
    for (const bench::WholeComparison& whole : input.comparison.wholes) {
        ++counts[whole.verdict];
    }
    std::vector<std::string> parts;
    parts.reserve(counts.size());
    for (const auto& [verdict, count] : counts) {
        parts.push_back(fmt::format("{} {}", count, bench::verdict_text(verdict)));
    }
    return parts.empty() ? "Nothing was promised."
                         : fmt::format("Promises: {}.", fmt::join(parts, ", "));
}

std::string gain_line(const ReportInput& input) {
    std::vector<const RowComparison*> rows;
    for (const RowComparison& row : input.comparison.rows) {
        if (row.verdict != Verdict::NotMeasured && row.verdict != Verdict::NoDifference) {
            rows.push_back(&row);
        }
    }
    if (rows.empty()) {
        return "No query became measurably faster or slower.";
    }
    const auto less = [](const RowComparison* a, const RowComparison* b) {
        return a->factor.point < b->factor.point;
    };
    const RowComparison& best = **std::max_element(rows.begin(), rows.end(), less);
    const RowComparison& worst = **std::min_element(rows.begin(), rows.end(), less);
    std::string out = fmt::format("The largest gain is {} ({}): {}",
                                  best.after.id,
                                  best.after.title,
                                  bench::factor_text(best.factor.point));
    if (worst.factor.point < 1) {
        out += fmt::format("; {} ({}) became slower: {}",
                           worst.after.id,
                           worst.after.title,
                           bench::factor_text(worst.factor.point));
    }
    return out + ".";
}

std::string scan_line(const ReportInput& input) {
    std::vector<std::string> ids;
    for (const RowComparison& row : input.comparison.rows) {
        if (std::find(row.rules.begin(), row.rules.end(), "still_scans") != row.rules.end()) {
            ids.push_back(row.after.id);
        }
    }
    return ids.empty() ? "No query scans a collection for a few documents any more."
                       : fmt::format("Still scanning a collection for a few documents: {}.",
                                     fmt::join(ids, ", "));
}

}  // namespace

std::vector<std::string> summary_lines(const ReportInput& input) {
    return {scope_line(input),
            index_line(input),
            promise_line(input),
            gain_line(input),
            scan_line(input)};
}

}  // namespace plumb::report
