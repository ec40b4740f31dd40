// SPDX-License-Identifier: GPL-3.0-or-later
// When, and what it will take.
#include "tool/bench/figures.h"
#include "tool/runbook/sections.h"

#include <fmt/format.h>

namespace plumb::runbook {
namespace {

Step size_step(const Facts& facts) {
    double low = 0;
    double high = 0;
    std::string source;
    if (facts.rehearsal) {
        for (const rehearse::IndexLine& index : facts.rehearsal->indexes) {
            low += index.bytes.low;
            high += index.bytes.high;
        }
        source = engine_source(*facts.rehearsal);
    } else {
        for (const PendingMigration& pending : facts.pending) {
            for (const migrate::BuildForecast& forecast : pending.forecasts) {
                for (const migrate::IndexForecast& index : forecast.indexes) {
                    low += static_cast<double>(index.bytes_low);
                    high += static_cast<double>(index.bytes_high);
                }
            }
        }
        source = "estimate from samples of this database, not rehearsed";
    }
    const std::string low_text = bench::bytes_text(low);
    const std::string high_text = bench::bytes_text(high);
    return {.text = fmt::format(
                "Disk for the new indexes, on each member: {}",
                low_text == high_text ? low_text : fmt::format("{} to {}", low_text, high_text)),
            .source = std::move(source)};
}

Step rehearsed_step(const Facts& facts) {
    if (!facts.rehearsal) {
        std::string source = not_recorded(facts, "rehearse");
        if (!facts.rehearsal_problem.empty()) {
            source += fmt::format("; {}", facts.rehearsal_problem);
        }
        return {.text = "Rehearsed on a copy, up and down", .source = std::move(source)};
    }
    Step step{.text = "Rehearsed on a copy, up and down"};
    for (const rehearse::Failure& failure : facts.rehearsal->failures) {
        step.expect.push_back(fmt::format("WOULD FAIL, {}: {}", failure.what, failure.text));
    }
    if (facts.rehearsal->would_work()) {
        step.expect.emplace_back("nothing failed");
    }
    step.source = engine_source(*facts.rehearsal);
    return step;
}

void add_rehearsed_builds(const rehearse::Rehearsal& rehearsal, int version, Step& step) {
    for (const rehearse::BuildLine& build : rehearsal.builds) {
        if (build.version == version) {
            step.expect.push_back(fmt::format("{}: {} built together in {}",
                                              build.collection,
                                              fmt::join(build.indexes, ", "),
                                              span_of(build.ms.low, build.ms.high)));
        }
    }
    step.source = rehearsal_source(rehearsal);
}

Step migration_step(const Facts& facts, const PendingMigration& pending) {
    Step step{.text = fmt::format("{} {}: {} indexes to create, {} to drop{}",
                                  pending.file.number(),
                                  pending.file.title,
                                  pending.creates,
                                  pending.drops,
                                  pending.other_work.empty()
                                      ? std::string{}
                                      : fmt::format(", {}", fmt::join(pending.other_work, ", ")))};
    if (facts.rehearsal) {
        add_rehearsed_builds(*facts.rehearsal, pending.file.version, step);
        return step;
    }
    for (const migrate::BuildForecast& forecast : pending.forecasts) {
        std::vector<std::string> names;
        for (const migrate::IndexForecast& index : forecast.indexes) {
            names.push_back(index.name);
        }
        step.expect.push_back(fmt::format(
            "{}, {}: {} built together in {}; {}",
            forecast.collection,
            bench::documents_text(static_cast<double>(forecast.size.documents)),
            fmt::join(names, ", "),
            span_of(static_cast<double>(forecast.ms_low), static_cast<double>(forecast.ms_high)),
            forecast.basis));
    }
    return step;
}

}  // namespace

Section window_section(const Facts& facts) {
    Section out{"window", "Window", {}};
    const UpTime time = up_time(facts);
    out.steps.push_back(
        facts.window.empty()
            ? Step{.text = "Agree on a window",
                   .source = "not recorded: `deploy: {window: HH:MM-HH:MM}` in plumbline.yaml, or "
                             "`--window`"}
            : Step{.text = fmt::format("{} local time; `--window` makes migrate refuse outside it",
                                       facts.window),
                   .source = "plumbline.yaml or --window"});
    Step needed{.text = time.known ? fmt::format("Time that `migrate up` needs: {}",
                                                 span_of(time.low_ms, time.high_ms))
                                   : "Time that `migrate up` needs"};
    needed.source = time.known ? time.source : not_recorded(facts, "rehearse");
    if (time.known && !time.is_whole) {
        needed.expect.push_back(
            time.engine_ms > 0
                ? fmt::format("index builds alone; with the other work {} on the rehearsal's {}",
                              span_of(time.engine_ms, time.engine_ms),
                              time.engine)
                : fmt::format("index builds alone; for the other work: {}",
                              not_recorded(facts, "rehearse")));
    }
    out.steps.push_back(std::move(needed));
    const std::string who = facts.notes.owner("deploy");
    out.steps.push_back(
        who.empty() ? Step{.text = "Who deploys",
                           .source = "not recorded: `owners: {deploy: NAME}` in plumbline.yaml"}
                    : Step{.text = fmt::format("{} deploys", who), .source = "plumbline.yaml"});
    return out;
}

Section forecast_section(const Facts& facts) {
    Section out{"forecast", "Forecast", {}};
    for (const PendingMigration& pending : facts.pending) {
        out.steps.push_back(migration_step(facts, pending));
    }
    out.steps.push_back(size_step(facts));
    out.steps.push_back(rehearsed_step(facts));
    return out;
}

}  // namespace plumb::runbook
