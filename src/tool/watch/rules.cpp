// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/watch/rules.h"

#include "tool/watch/rules_internal.h"

#include <array>

namespace plumb::watch {
namespace {

constexpr Severity kProblem = Severity::Problem;
constexpr Severity kWarning = Severity::Warning;
constexpr Severity kNotice = Severity::Notice;

// clang-format off
constexpr auto kRules = std::to_array<RuleRow>({
    // code, severity, measure,    raise at, clear below, samples to raise, samples to clear
    {"cache_dirty",     kWarning, cache_dirty,             0.20, 0.15, 2, 3,
     "share of WiredTiger's cache that is dirty; from 0.20 on, queries have to write pages",
     "fewer writes at once, or faster disks; see `serverStatus.wiredTiger.cache`"},
    {"cache_evictions", kWarning, cache_evictions,         10, 1, 2, 3,
     "pages a second that threads of queries had to evict",
     "a larger cache, or fewer and smaller indexes"},
    {"cache_full",      kWarning, cache_full,              0.95, 0.90, 2, 3,
     "share of WiredTiger's cache in use; from 0.95 on, queries have to make room themselves",
     "a larger cache, or fewer and smaller indexes"},
    {"collection_scan", kProblem, collection_scan,         1000, 500, 1, 3,
     "documents that a call examines of a shape which ran on an index in the baseline",
     "plumb verify; then plumb advise"},
    {"connection_lost", kProblem, connection_lost,         1, 1, 2, 1,
     "a member does not answer",
     "look at the member's log"},
    {"drift",           kProblem, drift,                   1, 1, 1, 1,
     "an index of the strategy is missing or different",
     "plumb verify; plumb migrate status"},
    {"drift_extra",     kWarning, drift_extra,             1, 1, 1, 1,
     "an index that the strategy does not have",
     "plumb verify; add it to strategy.yaml, to `ignore`, or drop it"},
    {"examines_more",   kProblem, shape_examines_more,     5, 3, 2, 3,
     "documents that a shape examines for each one it returns, against the baseline",
     "explain the query; plumb verify"},
    {"index_missing",   kProblem, index_missing,           1, 1, 1, 1,
     "an index that queries of the baseline ran on is not there",
     "plumb verify; plumb migrate status; plumb migrate up"},
    {"index_not_used",  kWarning, index_no_longer_used,    1, 1, 1, 1,
     "an index that the baseline ran on is not used any more, though others are",
     "explain the queries that should use it"},
    {"new_index_unused", kNotice, new_index_unused,        1, 1, 1, 1,
     "a new index that nothing has used since the watch began",
     "wait for a full business cycle; then drop it"},
    {"new_slow_shape",  kWarning, new_slow_shape,          100, 50, 1, 5,
     "ms a call of a shape that the workload does not declare",
     "add it to workload.yaml, or plumb advise"},
    {"reads_slower",    kWarning, reads_slower,            3, 2, 3, 5,
     "mean latency of reads against the first samples of this series",
     "compare CPU, cache and plans with those before"},
    {"replication_lag", kWarning, replication_lag,         10, 5, 2, 3,
     "seconds a member is behind the primary",
     "look at the member's disk and network"},
    {"replication_stalled", kProblem, replication_lag,     60, 30, 2, 3,
     "seconds a member is behind the primary",
     "stop what writes much; look at the member"},
    {"server_examines_more", kWarning, server_examines_more, 5, 3, 2, 3,
     "documents the server examines for each one it returns, against the baseline",
     "turn the profiler on for a while; plumb advise"},
    {"server_restarted", kWarning, server_restarted,       1, 1, 1, 1,
     "a member was restarted; its counters began anew",
     "look at the member's log"},
    {"slower",          kWarning, shape_slower,            5, 3, 2, 3,
     "mean time of a shape against the baseline's 95th percentile",
     "explain the query; plumb bench --after"},
});
// clang-format on

}  // namespace

std::string_view severity_name(Severity severity) {
    switch (severity) {
        case Severity::Problem:
            return "problem";
        case Severity::Warning:
            return "warning";
        case Severity::Notice:
            break;
    }
    return "notice";
}

std::span<const RuleRow> rules() {
    return kRules;
}

}  // namespace plumb::watch
