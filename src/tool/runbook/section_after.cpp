// SPDX-License-Identifier: GPL-3.0-or-later
// The way back, who watches, and when to stop.
#include "tool/bench/figures.h"
#include "tool/runbook/sections.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::runbook {

Section back_section(const Facts& facts) {
    Section out{"back", "Way back", {}};
    for (auto pending = facts.pending.rbegin(); pending != facts.pending.rend(); ++pending) {
        out.steps.push_back(
            {.text = fmt::format("Take back {}", pending->file.title),
             .command =
                 command_line(facts, fmt::format("migrate rollback {}", pending->file.number()))});
    }
    Step time{.text = "Time of the way back"};
    if (facts.rehearsal && facts.rehearsal->rollback.done) {
        const rehearse::Rollback& rollback = facts.rehearsal->rollback;
        const double ms = static_cast<double>(rollback.ms);
        time.text += fmt::format(": {} in the rehearsal", span_of(ms, ms));
        time.expect.push_back(
            fmt::format("every document as it was: {}; every index and option: {}",
                        rollback.same_content ? "yes" : "NO",
                        rollback.same_indexes ? "yes" : "NO"));
        time.source = engine_source(*facts.rehearsal);
    } else {
        time.source = not_recorded(facts, "rehearse");
    }
    out.steps.push_back(std::move(time));
    out.steps.push_back({.text = "A run that died: finish or undo what it left",
                         .command = command_line(facts, "migrate repair")});
    out.steps.push_back({.text = "The database is as it was",
                         .command = command_line(facts, "migrate status"),
                         .expect = {"the migrations are pending again"}});
    return out;
}

Section watch_section(const Facts& facts) {
    Section out{"watch", "Who watches, for how long", {}};
    const std::string who = facts.notes.owner("watch");
    out.steps.push_back(
        who.empty() ? Step{.text = "Who watches",
                           .source = "not recorded: `owners: {watch: NAME}` in plumbline.yaml"}
                    : Step{.text = fmt::format("{} watches", who), .source = "plumbline.yaml"});
    const bool has_length = !facts.notes.watch_for.empty();
    out.steps.push_back({.text = fmt::format("For {}", has_length ? facts.notes.watch_for : "48h"),
                         .source = has_length
                                       ? "plumbline.yaml"
                                       : "the default; `watch: {for: …}` in plumbline.yaml"});
    out.steps.push_back({.text = "At the end: the checklist filled in, and keep, drop or look",
                         .command = command_line(facts, "watch --report"),
                         .expect = {"exit code 0: no alert of severity problem"}});
    return out;
}

Section abort_section(const Facts& facts) {
    Section out{"abort", "Stop and go back if", {}};
    const std::string who = facts.notes.owner("abort");
    out.steps.push_back(
        who.empty() ? Step{.text = "Who decides",
                           .source = "not recorded: `owners: {abort: NAME}` in plumbline.yaml"}
                    : Step{.text = fmt::format("{} decides", who), .source = "plumbline.yaml"});
    const UpTime time = up_time(facts);
    const double limit_ms = 2 * std::max(time.high_ms, time.engine_ms);
    const bool known = time.known && (time.is_whole || time.engine_ms > 0);
    out.steps.push_back(
        known ? Step{.text = fmt::format("`migrate up` runs for more than {}, twice its forecast",
                                         span_of(limit_ms, limit_ms)),
                     .source = time.source}
              : Step{.text = "`migrate up` runs for more than twice its forecast",
                     .source = not_recorded(facts, "rehearse")});
    out.steps.push_back({.text =
                             "`migrate up` ends with 5 (everything was undone: find out why) or "
                             "6 (not undone: migrate repair first)"});
    out.steps.push_back({.text = "`verify` afterwards ends with another code than 0"});
    out.steps.push_back({.text = "`bench --compare` shows a query that became slower, and nobody "
                                 "expected it"});
    out.steps.push_back({.text =
                             "`watch` raises an alert of severity problem: index_missing, "
                             "collection_scan, examines_more, drift, replication_stalled (60 s), "
                             "connection_lost",
                         .source = "docs/watch.md"});
    return out;
}

}  // namespace plumb::runbook
