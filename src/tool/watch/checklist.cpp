// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/watch/checklist.h"

#include "tool/watch/time_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::watch {
namespace {

struct PromiseTitle {
    std::string_view item;
    std::string_view title;
};

constexpr auto kPromiseTitles = std::to_array<PromiseTitle>({
    {"dashboard", "dashboard loads faster"},
    {"reports", "report queries complete in under a second"},
    {"cpu", "database CPU usage is down"},
});

ChecklistLine indexes_line(const Observer& observer, const Summary& so_far) {
    ChecklistLine line{"indexes", "all indexes created in the database", "", "", "", ""};
    std::int64_t wanted = 0;
    std::vector<std::string> open;
    for (const BaselineIndex& index : observer.facts().baseline.indexes) {
        if (!index.wanted) {
            continue;
        }
        ++wanted;
        const bool there =
            std::any_of(so_far.indexes.begin(), so_far.indexes.end(), [&index](const auto& each) {
                return each.collection == index.collection && each.name == index.name && each.there;
            });
        const bool differs =
            std::any_of(so_far.alerts.begin(), so_far.alerts.end(), [&index](const auto& alert) {
                return alert.code == "drift" && alert.active && alert.subject == index.subject();
            });
        if (!there || differs) {
            open.push_back(fmt::format("{} {}", index.subject(), there ? "differs" : "is missing"));
        }
    }
    if (wanted == 0) {
        line.verdict = "not measured";
        line.evidence = "there is no strategy.yaml";
        return line;
    }
    const auto done = wanted - static_cast<std::int64_t>(open.size());
    line.promised = fmt::format("{}", wanted);
    line.measured = fmt::format("{}", done);
    line.verdict = open.empty() ? "met" : "missed";
    line.evidence = open.empty()
                        ? fmt::format("all there in the last sample, {}, as the strategy has them",
                                      utc_text(so_far.to_ms))
                        : fmt::format("{}", fmt::join(open, "; "));
    return line;
}

ChecklistLine promise_line(const Observer& observer, const PromiseTitle& row) {
    ChecklistLine line{std::string{row.item}, std::string{row.title}, "", "", "not measured", ""};
    const auto& promises = observer.facts().baseline.promises;
    const auto at = std::find_if(promises.begin(), promises.end(), [&row](const auto& each) {
        return each.item == row.item;
    });
    if (at == promises.end()) {
        line.evidence = "there is no workload.yaml";
        return line;
    }
    line.promised = at->promised;
    line.measured = at->measured;
    line.verdict = at->verdict;
    line.evidence = at->evidence;
    return line;
}

// What the watch itself saw of the server's CPU; the change is the bench runs' to tell.
void add_cpu_seen(const Summary& so_far, ChecklistLine& line) {
    if (so_far.cpu_share >= 0) {
        line.evidence += fmt::format("{}while watched: {:.1f} % of a core",
                                     line.evidence.empty() ? "" : "; ",
                                     100 * so_far.cpu_share);
    }
}

ChecklistLine anomalies_line(const Summary& so_far) {
    ChecklistLine line{"anomalies", "no anomalies", "none", "", "", ""};
    std::int64_t problems = 0;
    std::int64_t others = 0;
    std::vector<std::string> parts;
    for (const Alert& alert : so_far.alerts) {
        (alert.severity == Severity::Problem ? problems : others) += 1;
        parts.push_back(
            fmt::format("{} {}{}", alert.code, alert.subject, alert.active ? ", still so" : ""));
    }
    line.measured = fmt::format("{} problems, {} lesser alerts", problems, others);
    line.verdict = problems == 0 ? "met" : "missed";
    line.evidence = fmt::format("{} samples over {}, {} gaps, {} restarts",
                                so_far.samples,
                                span_text(so_far.to_ms - so_far.from_ms),
                                so_far.gaps.size(),
                                so_far.restarts.size());
    if (!parts.empty()) {
        line.evidence += fmt::format("; {}", fmt::join(parts, "; "));
    }
    line.evidence += "; documents are not looked at: plumb check does that";
    return line;
}

}  // namespace

std::vector<ChecklistLine> fill_checklist(const Observer& observer, const Summary& so_far) {
    std::vector<ChecklistLine> out;
    out.push_back(indexes_line(observer, so_far));
    for (const PromiseTitle& row : kPromiseTitles) {
        out.push_back(promise_line(observer, row));
    }
    add_cpu_seen(so_far, out.back());
    out.push_back(anomalies_line(so_far));
    return out;
}

}  // namespace plumb::watch
