// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/runbook/sections.h"

#include "tool/bench/figures.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::runbook {
namespace {

constexpr double kNsPerMs = 1e6;

UpTime rehearsed_time(const rehearse::Rehearsal& rehearsal) {
    UpTime out;
    double measured_ms = 0;
    for (const rehearse::MigrationLine& migration : rehearsal.migrations) {
        measured_ms += static_cast<double>(migration.up_ms);
    }
    out.low_ms = measured_ms;
    out.high_ms = measured_ms;
    if (rehearsal.sampled() || rehearsal.times == rehearse::Times::Target) {
        // What was measured is of a part of the documents or of another server: the builds were
        // extrapolated one by one.
        out.low_ms = 0;
        out.high_ms = 0;
        for (const rehearse::BuildLine& build : rehearsal.builds) {
            out.low_ms += build.ms.low;
            out.high_ms += build.ms.high;
        }
        out.is_whole = std::all_of(
            rehearsal.migrations.begin(), rehearsal.migrations.end(), [](const auto& migration) {
                return migration.steps == 0 && migration.documents == 0;
            });
    }
    if (!rehearsal.sampled()) {
        out.engine_ms = measured_ms;
        out.engine = rehearsal.engine;
    }
    out.known = true;
    out.source = rehearsal_source(rehearsal);
    return out;
}

std::string begin_of(const rehearse::Rehearsal& rehearsal) {
    return fmt::format("rehearsal of {}, {}",
                       rehearsal.at,
                       rehearsal.sampled() ? fmt::format("{} of the documents",
                                                         bench::percent_text(100 * rehearsal.share))
                                           : std::string{"all documents"});
}

}  // namespace

std::string span_of(double low_ms, double high_ms) {
    const std::string low = bench::duration_text(low_ms * kNsPerMs);
    const std::string high = bench::duration_text(high_ms * kNsPerMs);
    if (low_ms < 1 && high_ms >= 1) {
        return fmt::format("up to {}", high);
    }
    return low == high ? low : fmt::format("{} to {}", low, high);
}

std::string rehearsal_source(const rehearse::Rehearsal& rehearsal) {
    return rehearsal.times == rehearse::Times::Target
               ? fmt::format("{}, calculated for this server from its speed", begin_of(rehearsal))
               : engine_source(rehearsal);
}

std::string engine_source(const rehearse::Rehearsal& rehearsal) {
    return fmt::format("{}, on {}", begin_of(rehearsal), rehearsal.engine);
}

std::string command_line(const Facts& facts, std::string_view rest) {
    return fmt::format(
        "plumb {}{}{}",
        facts.project_folder == "." ? std::string{}
                                    : fmt::format("--project {} ", facts.project_folder),
        facts.names_database ? fmt::format("--db {} ", facts.database) : std::string{},
        rest);
}

std::string not_recorded(const Facts& facts, std::string_view command) {
    return fmt::format("not recorded: `{}`", command_line(facts, command));
}

UpTime up_time(const Facts& facts) {
    if (facts.rehearsal) {
        return rehearsed_time(*facts.rehearsal);
    }
    UpTime out;
    for (const PendingMigration& pending : facts.pending) {
        out.is_whole = out.is_whole && pending.other_work.empty();
        for (const migrate::BuildForecast& forecast : pending.forecasts) {
            out.low_ms += static_cast<double>(forecast.ms_low);
            out.high_ms += static_cast<double>(forecast.ms_high);
            out.known = true;
        }
    }
    out.source = "estimate from samples of this database, not rehearsed";
    return out;
}

}  // namespace plumb::runbook
