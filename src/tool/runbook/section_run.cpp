// SPDX-License-Identifier: GPL-3.0-or-later
// The commands in their order, and what has to be there afterwards.
#include "tool/bench/figures.h"
#include "tool/runbook/sections.h"

#include <fmt/format.h>

#include <set>
#include <utility>

namespace plumb::runbook {
namespace {

Step bench_step(const Facts& facts,
                const char* which,
                const std::optional<bench::Recording>& kept) {
    return {.text = fmt::format("Measure {}", which),
            .command = command_line(facts, fmt::format("bench --{}", which)),
            .source = kept ? fmt::format("recorded at {}; run it again if the data changed since",
                                         kept->environment.at)
                           : std::string{"not recorded yet"}};
}

std::string up_options(const Facts& facts) {
    return facts.window.empty() ? std::string{} : fmt::format(" --window {}", facts.window);
}

Step up_step(const Facts& facts) {
    int creates = 0;
    int drops = 0;
    for (const PendingMigration& pending : facts.pending) {
        creates += pending.creates;
        drops += pending.drops;
    }
    Step step{.text = "Migrate",
              .command = command_line(facts, fmt::format("migrate up{}", up_options(facts)))};
    step.expect.push_back(fmt::format("{} migrations, {} indexes created, {} dropped, exit code 0",
                                      facts.pending.size(),
                                      creates,
                                      drops));
    const UpTime time = up_time(facts);
    if (time.known) {
        step.expect.push_back(fmt::format("done in {}{}",
                                          span_of(time.low_ms, time.high_ms),
                                          time.is_whole ? "" : " plus the time of the other work"));
    }
    step.source = time.known ? time.source : not_recorded(facts, "rehearse");
    return step;
}

}  // namespace

Section run_section(const Facts& facts) {
    Section out{"run", "Commands, in this order", {}};
    out.steps.push_back({.text = "Back up; the copy is verified by hashes",
                         .command = command_line(facts, "copy --to \"$BACKUP_URL\""),
                         .expect = {"exit code 0"}});
    out.steps.push_back({.text = "What the database has and lacks now",
                         .command = command_line(facts, "verify"),
                         .expect = {"exit code 1: what is pending is still missing"}});
    out.steps.push_back({.text = "Check the migrations without running them",
                         .command = command_line(facts, "migrate lint"),
                         .expect = {"exit code 0"}});
    out.steps.push_back(bench_step(facts, "before", facts.before));
    out.steps.push_back({.text = "See every command that will be sent; nothing is written",
                         .command = command_line(facts, "migrate up --dry-run"),
                         .expect = {"exit code 0"}});
    out.steps.push_back(up_step(facts));
    out.steps.push_back(
        {.text = "The database against the strategy",
         .command = command_line(facts, "verify"),
         .expect = {facts.has_strategy ? "exit code 0"
                                       : "there is no strategy.yaml to compare with"}});
    out.steps.push_back(bench_step(facts, "after", facts.after));
    out.steps.push_back({.text = "Promises against measurements",
                         .command = command_line(facts, "bench --compare"),
                         .expect = {"exit code 0: no promise was missed"}});
    out.steps.push_back(
        {.text = "Watch",
         .command = command_line(
             facts,
             fmt::format("watch --for {} --every 30s",
                         facts.notes.watch_for.empty() ? "48h" : facts.notes.watch_for))});
    return out;
}

Section check_section(const Facts& facts) {
    Section out{"checks", "What has to be there afterwards", {}};
    for (const auto& [name, collection] : facts.collections) {
        if (collection.to_create.empty() && collection.to_drop.empty()) {
            continue;
        }
        Step step{
            .text = fmt::format("{}: {} indexes, {} before; {}",
                                name,
                                collection.indexes_then,
                                collection.indexes_now,
                                bench::documents_text(static_cast<double>(collection.documents)))};
        if (!collection.to_create.empty()) {
            step.expect.push_back(fmt::format("new: {}", fmt::join(collection.to_create, ", ")));
        }
        if (!collection.to_drop.empty()) {
            step.expect.push_back(fmt::format("gone: {}", fmt::join(collection.to_drop, ", ")));
        }
        step.source = fmt::format("read from {} at {}", facts.database, facts.at);
        out.steps.push_back(std::move(step));
    }
    if (facts.rehearsal) {
        std::set<std::pair<std::string, std::string>> listed;  // two migrations may want one index
        for (const rehearse::IndexLine& index : facts.rehearsal->indexes) {
            if (!listed.emplace(index.collection, index.name).second) {
                continue;
            }
            out.steps.push_back({.text = fmt::format("{}.{}: {} entries, {}",
                                                     index.collection,
                                                     index.name,
                                                     bench::count_text(index.entries.value),
                                                     bench::bytes_text(index.bytes.value)),
                                 .source = engine_source(*facts.rehearsal)});
        }
    }
    return out;
}

}  // namespace plumb::runbook
