// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/watch/summary.h"

#include "tool/watch/checklist.h"
#include "tool/watch/time_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::watch {
namespace {

double sum_of_totals(const History& history, std::string_view name, std::string_view subject) {
    double sum = 0;
    for (const std::size_t id : history.catalogue().named(name)) {
        if (history.catalogue().at(id).subject == subject) {
            sum += history.total(id);
        }
    }
    return sum;
}

// Of the members that have it; nothing if none has.
std::optional<std::int64_t> largest_now(const History& history,
                                        std::string_view name,
                                        std::string_view subject) {
    std::optional<std::int64_t> out;
    for (const std::size_t id : history.catalogue().named(name)) {
        const auto value = history.now(id);
        if (history.catalogue().at(id).subject == subject && value) {
            out = std::max(out.value_or(0), *value);
        }
    }
    return out;
}

void recommend(const BaselineIndex& index, std::int64_t watched_ms, IndexSummary& out) {
    if (!out.there) {
        out.recommendation = "look";
        out.reason = "not in the database";
    } else if (out.uses > 0) {
        out.recommendation = "keep";
        out.reason = fmt::format("{:.0f} uses while watched", out.uses);
    } else if (index.unique || index.expires) {
        out.recommendation = "keep";
        out.reason = index.unique ? "unique: it works without being read"
                                  : "it expires documents: it works without being read";
    } else if (watched_ms < kBusinessCycleMs) {
        out.recommendation = "look";
        out.reason = fmt::format("0 uses, but watched for {} only; a business cycle is {}",
                                 span_text(watched_ms),
                                 span_text(kBusinessCycleMs));
    } else {
        out.recommendation = "drop";
        out.reason = fmt::format("0 uses in {}", span_text(watched_ms));
    }
}

std::vector<IndexSummary> index_summaries(const Observer& observer) {
    const History& history = observer.history();
    std::vector<IndexSummary> out;
    for (const BaselineIndex& index : observer.facts().baseline.indexes) {
        if (index.name == "_id_") {
            continue;
        }
        IndexSummary one;
        one.collection = index.collection;
        one.name = index.name;
        one.is_new = index.is_new;
        const auto bytes = largest_now(history, "index_bytes", index.subject());
        one.there = bytes.has_value();
        one.bytes = bytes.value_or(0);
        one.uses = sum_of_totals(history, "index_uses", index.subject());
        recommend(index, history.at_ms() - history.first_ms(), one);
        out.push_back(std::move(one));
    }
    return out;
}

double mean_cpu_share(const History& history) {
    double cpu_us = -1;
    for (const std::size_t id : history.catalogue().named("cpu_us")) {
        cpu_us = std::max(cpu_us, 0.0) + history.total(id);
    }
    const auto watched_us = static_cast<double>(history.at_ms() - history.first_ms()) * 1000;
    return cpu_us < 0 || watched_us <= 0 ? -1 : cpu_us / watched_us;
}

// Drop if an index did nothing for a business cycle, look if something is open, else keep.
void recommend_whole(Summary& out) {
    for (const Alert& alert : out.alerts) {
        if (alert.severity == Severity::Problem) {
            out.reasons.push_back(
                fmt::format("{} {}: {}", alert.code, alert.subject, alert.evidence));
        }
    }
    for (const ChecklistLine& line : out.checklist) {
        if (line.verdict == "missed" && line.item != "anomalies") {
            out.reasons.push_back(fmt::format(
                "{}: promised {}, measured {}", line.title, line.promised, line.measured));
        }
    }
    if (!out.reasons.empty()) {
        out.recommendation = "look";
        return;
    }
    for (const IndexSummary& index : out.indexes) {
        if (index.is_new && index.recommendation == "drop") {
            out.recommendation = "drop";
            out.reasons.push_back(
                fmt::format("{}.{}: {}", index.collection, index.name, index.reason));
        }
    }
    if (out.recommendation.empty()) {
        out.recommendation = "keep";
        out.reasons.emplace_back("no problem was seen and no measured promise was missed");
    }
}

}  // namespace

Summary summarise(const Observer& observer) {
    const History& history = observer.history();
    const SessionFacts& facts = observer.facts();
    Summary out;
    out.database = facts.database;
    out.url = facts.url;
    out.from_ms = history.first_ms();
    out.to_ms = history.at_ms();
    out.every_ms = facts.every_ms;
    out.for_ms = facts.for_ms;
    out.samples = history.samples();
    out.sessions = observer.sessions();
    for (const std::size_t id : history.catalogue().named("up")) {
        out.members.push_back(history.catalogue().at(id).member);
    }
    out.gaps = history.gaps();
    out.restarts = history.restarts();
    out.cpu_share = mean_cpu_share(history);
    out.indexes = index_summaries(observer);
    out.alerts = observer.alerts().raised();
    out.checklist = fill_checklist(observer, out);
    recommend_whole(out);
    return out;
}

}  // namespace plumb::watch
