// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/compare.h"

#include "tool/bench/figures.h"
#include "tool/bench/noise.h"
#include "tool/bench/whole_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace plumb::bench {
namespace {

constexpr std::uint64_t kBootstrapSeed = 2026;

std::int64_t index_count(const Recording& recording, std::string_view collection) {
    const CollectionInfo* info = recording.collection(collection);
    return info == nullptr ? 0 : static_cast<std::int64_t>(info->indexes.size());
}

// True unless the later recording shows that no index begins with the field of the $lookup.
bool lookup_is_indexed(const Recording& recording, const Row& row) {
    if (!row.looks_up || row.lookup_from.empty()) {
        return true;
    }
    const CollectionInfo* info = recording.collection(row.lookup_from);
    return info == nullptr ||
           std::any_of(info->indexes.begin(), info->indexes.end(), [&row](const IndexInfo& index) {
               return index.first_field == row.lookup_field;
           });
}

std::optional<workload::Promise> promise_of(const workload::Workload& workload,
                                            std::string_view id) {
    for (const workload::Promise& promise : workload.promises) {
        if (promise.kind == workload::PromiseKind::Latency && promise.rows.front() == id) {
            return promise;
        }
    }
    return std::nullopt;
}

RowComparison compare_row(const Recording& before,
                          const Recording& after,
                          const workload::Workload& workload,
                          const Noise& noise,
                          const Row& row) {
    RowComparison out;
    out.before = *before.row(row.id);
    out.after = row;
    out.promise = promise_of(workload, row.id);
    for (const Row* one : {&out.before, &out.after}) {
        if (!one->error.empty() || one->kept_ns.empty()) {
            out.reasons.push_back(one->error.empty() ? "nothing was measured" : one->error);
            return out;
        }
    }
    out.factor = ratio_of_rounds(rounds_of(out.before), rounds_of(out.after), kBootstrapSeed);
    out.noise = std::expm1(noise.log_floor(out.before, out.after));
    out.verdict =
        round_trip_moved(out.before, out.after) || within_a_round_trip(out.before, out.after)
            ? Verdict::NoDifference
            : judge(out.factor, out.promise, out.noise);
    const CollectionInfo* info = after.collection(row.collection);
    const Evidence evidence{out.before,
                            out.after,
                            out.factor,
                            info == nullptr ? 0 : static_cast<double>(info->documents),
                            after.environment.ping_ns,
                            index_count(before, row.collection),
                            index_count(after, row.collection),
                            lookup_is_indexed(after, row),
                            out.promise};
    out.reasons = explain_figures(evidence);
    const double moved = std::max(out.factor.point, 1 / out.factor.point);
    if (out.verdict == Verdict::NoDifference && !out.factor.spans_one() && moved <= 1 + out.noise) {
        out.reasons.insert(
            out.reasons.begin(),
            fmt::format("within the noise: queries of which nothing changed moved by "
                        "up to {} between these two runs",
                        factor_text(1 + out.noise)));
    }
    for (const std::string_view code : applying_rules(evidence)) {
        out.rules.emplace_back(code);
    }
    return out;
}

const IndexInfo* find_index(const CollectionInfo* collection, std::string_view name) {
    if (collection == nullptr) {
        return nullptr;
    }
    const auto found = std::find_if(collection->indexes.begin(),
                                    collection->indexes.end(),
                                    [name](const IndexInfo& one) { return one.name == name; });
    return found == collection->indexes.end() ? nullptr : &*found;
}

std::vector<IndexComparison> compare_indexes(const Recording& before, const Recording& after) {
    std::vector<IndexComparison> out;
    for (const CollectionInfo& collection : after.collections) {
        const CollectionInfo* earlier = before.collection(collection.name);
        for (const IndexInfo& index : collection.indexes) {
            const bool is_new = find_index(earlier, index.name) == nullptr;
            out.push_back({collection.name, index, is_new, false});
        }
    }
    for (const CollectionInfo& collection : before.collections) {
        const CollectionInfo* later = after.collection(collection.name);
        for (const IndexInfo& index : collection.indexes) {
            if (find_index(later, index.name) == nullptr) {
                out.push_back({collection.name, index, false, true});
            }
        }
    }
    return out;
}

std::vector<std::string> warnings_of(const Recording& before, const Recording& after) {
    std::vector<std::string> out;
    if (before.environment.seed != after.environment.seed) {
        out.push_back(
            fmt::format("the seeds differ ({} and {}): not the same parameters were asked for",
                        before.environment.seed,
                        after.environment.seed));
    }
    if (before.environment.machine != after.environment.machine ||
        before.environment.server != after.environment.server) {
        out.push_back(fmt::format("measured on different machines or servers: {}, {} and {}, {}",
                                  before.environment.machine,
                                  before.environment.server,
                                  after.environment.machine,
                                  after.environment.server));
    }
    for (const CollectionInfo& collection : after.collections) {
        const CollectionInfo* earlier = before.collection(collection.name);
        if (earlier != nullptr && earlier->documents != collection.documents &&
            !collection.name.starts_with("_")) {
            out.push_back(fmt::format("{} held {} documents before and {} after",
                                      collection.name,
                                      earlier->documents,
                                      collection.documents));
        }
    }
    return out;
}

}  // namespace

Rounds rounds_of(const Row& row) {
    Rounds out;
    auto next = row.kept_ns.begin();
    for (const double count : row.kept_rounds) {
        const auto left = static_cast<double>(row.kept_ns.end() - next);
        const auto last = next + static_cast<std::ptrdiff_t>(std::min(std::max(count, 0.0), left));
        if (next != last) {
            out.emplace_back(next, last);
        }
        next = last;
    }
    if (next != row.kept_ns.end()) {
        out.emplace_back(next, row.kept_ns.end());
    }
    return out;
}

Comparison compare(const Recording& before,
                   const Recording& after,
                   const workload::Workload& workload,
                   const WriteTrial* trial) {
    Comparison out;
    out.before = before.environment;
    out.after = after.environment;
    const Noise noise = noise_of(before, after);
    out.noise = noise.share();
    out.noise_short = noise.share_short();
    for (const Row& row : after.rows) {
        if (before.row(row.id) != nullptr) {
            out.rows.push_back(compare_row(before, after, workload, noise, row));
        }
    }
    out.indexes = compare_indexes(before, after);
    out.wholes = compare_wholes(WholeInputs{workload, before, after, out.rows, out.indexes, trial});
    out.warnings = warnings_of(before, after);
    return out;
}

bool any_missed(const Comparison& comparison) {
    const auto missed = [](const auto& one) { return one.verdict == Verdict::Missed; };
    const auto without_effect = [](const RowComparison& row) {
        return row.promise.has_value() && row.verdict == Verdict::NoDifference;
    };
    return std::any_of(comparison.rows.begin(), comparison.rows.end(), missed) ||
           std::any_of(comparison.wholes.begin(), comparison.wholes.end(), missed) ||
           std::any_of(comparison.rows.begin(), comparison.rows.end(), without_effect);
}

}  // namespace plumb::bench
