// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/regression.h"

#include "tool/bench/bootstrap.h"
#include "tool/bench/compare.h"
#include "tool/bench/figures.h"
#include "tool/bench/noise.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace plumb::bench {
namespace {

constexpr std::uint64_t kBootstrapSeed = 2026;
// Fewer documents than this are noise of the draw, not a plan.
constexpr double kFewDocuments = 10;
// Fewer queries than this are no measure of the machine.
constexpr std::size_t kRowsForAll = 5;

// Indexes of collections that both recordings have, which only the earlier one has.
void add_dropped_indexes(const Recording& earlier,
                         const Recording& later,
                         std::vector<Regression>& out) {
    for (const CollectionInfo& collection : earlier.collections) {
        const CollectionInfo* now = later.collection(collection.name);
        if (now == nullptr || collection.name.starts_with("_")) {
            continue;
        }
        for (const IndexInfo& index : collection.indexes) {
            const bool there = std::any_of(
                now->indexes.begin(), now->indexes.end(), [&index](const IndexInfo& one) {
                    return one.name == index.name;
                });
            std::vector<std::string> users;
            for (const Row& row : earlier.rows) {
                const bool used = std::find(row.indexes.begin(), row.indexes.end(), index.name) !=
                                  row.indexes.end();
                if (row.collection == collection.name && used) {
                    users.push_back(row.id);
                }
            }
            // One that no query used is no regression of the workload.
            if (!there && !users.empty()) {
                out.push_back(
                    {collection.name,
                     fmt::format(
                         "index {} is gone; used by {}", index.name, fmt::join(users, ", "))});
            }
        }
    }
}

void add_slower(const Row& before,
                const Row& after,
                const Noise& noise,
                double tolerance,
                std::vector<Regression>& out) {
    if (after.kept_ns.empty() || before.kept_ns.empty() || within_a_round_trip(before, after) ||
        round_trip_moved(before, after)) {
        return;
    }
    const Interval slower = ratio_of_rounds(rounds_of(after), rounds_of(before), kBootstrapSeed);
    if (slower.low > 1 + tolerance && std::log(slower.point) > noise.log_floor(before, after)) {
        out.push_back({after.id,
                       fmt::format("median {} → {}, {} as long",
                                   duration_text(before.p50_ns),
                                   duration_text(after.p50_ns),
                                   interval_text(slower.point, slower.low, slower.high))});
    }
}

void add_examines_more(const Row& before,
                       const Row& after,
                       double tolerance,
                       std::vector<Regression>& out) {
    if (before.counted && after.counted && after.docs_examined > kFewDocuments &&
        after.docs_examined > before.docs_examined * (1 + tolerance)) {
        out.push_back({after.id,
                       fmt::format("examines {} instead of {}",
                                   documents_text(after.docs_examined),
                                   count_text(before.docs_examined))});
    }
}

// Everything slower alike is not the fault of one query, and is still not to be passed over.
void add_all_slower(const Recording& earlier,
                    const Recording& later,
                    double tolerance,
                    std::vector<Regression>& out) {
    std::vector<double> ratios;
    std::vector<double> within;
    for (const Row& row : later.rows) {
        const Row* before = earlier.row(row.id);
        if (before != nullptr && !row.writes && !row.plan.empty() && row.plan == before->plan &&
            !row.kept_ns.empty() && !before->kept_ns.empty()) {
            ratios.push_back(row.p50_ns / before->p50_ns);
            within.push_back(log_ratio_of_halves(rounds_of(row)));
            within.push_back(log_ratio_of_halves(rounds_of(*before)));
        }
    }
    if (ratios.size() < kRowsForAll) {
        return;
    }
    const double typical = median(ratios);
    if (std::log(typical) > std::log1p(tolerance) + kMedianTo95 * median(within)) {
        out.push_back({"all",
                       fmt::format("the {} queries whose plan did not change take {} as long: the "
                                   "machine or the server became slower",
                                   ratios.size(),
                                   factor_text(typical))});
    }
}

}  // namespace

std::vector<Regression> find_regressions(const Recording& earlier,
                                         const Recording& later,
                                         double tolerance) {
    std::vector<Regression> out;
    const Noise noise = noise_of(earlier, later);
    for (const Row& row : later.rows) {
        const Row* before = earlier.row(row.id);
        if (before == nullptr) {
            continue;
        }
        if (!row.error.empty()) {
            if (before->error.empty()) {
                out.push_back({row.id, fmt::format("no longer runs: {}", row.error)});
            }
            continue;
        }
        add_slower(*before, row, noise, tolerance, out);
        add_examines_more(*before, row, tolerance, out);
    }
    add_all_slower(earlier, later, tolerance, out);
    add_dropped_indexes(earlier, later, out);
    return out;
}

}  // namespace plumb::bench
