// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/index/forecast.h"
#include "tool/migrate/lint/checks_internal.h"

#include <fmt/format.h>

namespace plumb::migrate::lint {
namespace {

std::string seconds(std::int64_t ms) {
    return fmt::format("{:.1f} s", static_cast<double>(ms) / 1000);
}

}  // namespace

FoundList check_build_cost(const Context& context) {
    std::vector<Found> out;
    PLUMB_TRY(version, context.facts->version());
    // Up to 4.0 a build in the foreground locks its database; from 4.2 on only begin and end do.
    const std::string_view lock = version.at_least(4, 2) ? "locked at its begin and end only"
                                                         : "the database is locked all the while";
    for (const Step& step : context.steps) {
        const std::vector<project::IndexDefinition> wanted = new_indexes(step);
        if (wanted.empty()) {
            continue;
        }
        PLUMB_TRY(forecast, forecast_build(*context.facts, step.operation->collection, wanted));
        if (forecast.ms_high <= context.options.build_budget.count() || forecast.sampled == 0) {
            continue;
        }
        out.push_back({step.file,
                       step.operation->position,
                       step.operation->collection,
                       "",
                       fmt::format("{}: {} index(es) over {} documents take about {} to {}, more "
                                   "than {}; {} ({})",
                                   step.operation->collection,
                                   wanted.size(),
                                   forecast.size.documents,
                                   seconds(forecast.ms_low),
                                   seconds(forecast.ms_high),
                                   seconds(context.options.build_budget.count()),
                                   lock,
                                   forecast.basis)});
    }
    return out;
}

}  // namespace plumb::migrate::lint
