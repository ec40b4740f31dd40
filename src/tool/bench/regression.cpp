// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/regression.h"

#include "tool/bench/bootstrap.h"
#include "tool/bench/figures.h"

#include <fmt/format.h>

namespace plumb::bench {
namespace {

constexpr std::uint64_t kBootstrapSeed = 2026;
// Fewer documents than this are noise of the draw, not a plan.
constexpr double kFewDocuments = 10;

}  // namespace

std::vector<Regression> find_regressions(const Recording& earlier,
                                         const Recording& later,
                                         double tolerance) {
    std::vector<Regression> out;
    for (const Row& row : later.rows) {
        const Row* before = earlier.row(row.id);
        if (before == nullptr) {
            continue;
        }
        if (!row.error.empty() && before->error.empty()) {
            out.push_back({row.id, fmt::format("no longer runs: {}", row.error)});
            continue;
        }
        if (row.kept_ns.empty() || before->kept_ns.empty()) {
            continue;
        }
        const Interval slower = ratio_of_medians(row.kept_ns, before->kept_ns, kBootstrapSeed);
        if (slower.low > 1 + tolerance) {
            out.push_back({row.id,
                           fmt::format("median {} → {}, {} as long",
                                       duration_text(before->p50_ns),
                                       duration_text(row.p50_ns),
                                       interval_text(slower.point, slower.low, slower.high))});
        }
        if (before->counted && row.counted && row.docs_examined > kFewDocuments &&
            row.docs_examined > before->docs_examined * (1 + tolerance)) {
            out.push_back({row.id,
                           fmt::format("examines {} documents instead of {}",
                                       count_text(row.docs_examined),
                                       count_text(before->docs_examined))});
        }
    }
    return out;
}

}  // namespace plumb::bench
