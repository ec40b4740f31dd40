// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/compare.h"

#include "bson/builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace plumb::bench {
namespace {

constexpr std::uint64_t kBootstrapSeed = 2026;
constexpr double kNoiseLeast = 0.05;
constexpr double kNoiseMost = 0.25;

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

// How far the medians of reads moved whose plan did not change: what two runs of the same differ
// by. Never below five per cent, never above a quarter.
double noise_of(const Recording& before, const Recording& after) {
    std::vector<double> moved;
    for (const Row& row : after.rows) {
        const Row* earlier = before.row(row.id);
        if (earlier != nullptr && !row.writes && !row.plan.empty() && row.plan == earlier->plan &&
            row.p50_ns > 0 && earlier->p50_ns > 0) {
            moved.push_back(std::abs(std::log(row.p50_ns / earlier->p50_ns)));
        }
    }
    const double typical = moved.empty() ? 0 : std::expm1(median(moved));
    return std::clamp(typical, kNoiseLeast, kNoiseMost);
}

RowComparison compare_row(const Recording& before,
                          const Recording& after,
                          const workload::Workload& workload,
                          double noise,
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
    out.factor = ratio_of_medians(out.before.kept_ns, out.after.kept_ns, kBootstrapSeed);
    out.verdict = round_trip_moved(out.before, out.after) ? Verdict::NoDifference
                                                          : judge(out.factor, out.promise, noise);
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

void append_interval(bson::Builder& out, const Interval& interval) {
    out.begin_document("factor");
    out.append("point", interval.point);
    out.append("low", interval.low);
    out.append("high", interval.high);
    out.end();
}

void append_reasons(bson::Builder& out, const std::vector<std::string>& reasons) {
    out.begin_array("reasons");
    for (const std::string& reason : reasons) {
        out.push(reason);
    }
    out.end();
}

void append_side(bson::Builder& out, std::string_view name, const Row& row) {
    out.begin_document(name);
    out.append("samples", row.samples);
    out.append("p50_ns", row.p50_ns);
    out.append("p95_ns", row.p95_ns);
    out.append("p99_ns", row.p99_ns);
    out.append("max_ns", row.max_ns);
    out.append("first_ns", row.first_ns);
    out.append("documents", row.documents);
    out.append("keys_examined", row.keys_examined);
    out.append("docs_examined", row.docs_examined);
    out.append("bytes_received", row.bytes_received);
    out.append("server_cpu_ns", row.server_cpu_ns);
    out.append("plan", row.plan);
    out.append("error", row.error);
    out.end();
}

void append_row(bson::Builder& out, const RowComparison& row) {
    out.push_document();
    out.append("id", row.after.id);
    out.append("title", row.after.title);
    append_side(out, "before", row.before);
    append_side(out, "after", row.after);
    append_interval(out, row.factor);
    if (row.promise.has_value()) {
        out.begin_array("promised_factor");
        out.push(row.promise->range.low);
        out.push(row.promise->range.high);
        out.end();
    }
    out.append("verdict", verdict_text(row.verdict));
    append_reasons(out, row.reasons);
    out.begin_array("rules");
    for (const std::string& rule : row.rules) {
        out.push(rule);
    }
    out.end();
    out.end();
}

}  // namespace

Comparison compare(const Recording& before,
                   const Recording& after,
                   const workload::Workload& workload) {
    Comparison out;
    out.before = before.environment;
    out.after = after.environment;
    out.noise = noise_of(before, after);
    for (const Row& row : after.rows) {
        if (before.row(row.id) != nullptr) {
            out.rows.push_back(compare_row(before, after, workload, out.noise, row));
        }
    }
    out.indexes = compare_indexes(before, after);
    out.wholes = compare_wholes(workload, out.rows, out.indexes);
    out.warnings = warnings_of(before, after);
    return out;
}

bson::Document to_document(const Comparison& comparison) {
    bson::Builder out;
    out.append("schema", 1);
    out.append("server", comparison.after.server);
    out.append("database", comparison.after.database);
    out.append("before_at", comparison.before.at);
    out.append("after_at", comparison.after.at);
    out.append("noise", comparison.noise);
    out.begin_array("rows");
    for (const RowComparison& row : comparison.rows) {
        append_row(out, row);
    }
    out.end();
    out.begin_array("promises");
    for (const WholeComparison& whole : comparison.wholes) {
        out.push_document();
        out.append("name", whole.name);
        out.append("promised", whole.promised);
        out.append("measured", whole.measured);
        out.append("verdict", verdict_text(whole.verdict));
        append_reasons(out, whole.reasons);
        out.end();
    }
    out.end();
    out.begin_array("indexes");
    for (const IndexComparison& one : comparison.indexes) {
        out.push_document();
        out.append("collection", one.collection);
        out.append("name", one.index.name);
        out.append("key", one.index.key);
        out.append("bytes", one.index.bytes);
        out.append("uses", one.index.uses);
        out.append("new", one.is_new);
        out.append("gone", one.is_gone);
        out.end();
    }
    out.end();
    out.begin_array("warnings");
    for (const std::string& warning : comparison.warnings) {
        out.push(warning);
    }
    out.end();
    return out.finish();
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
