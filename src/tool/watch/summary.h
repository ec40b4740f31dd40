// SPDX-License-Identifier: GPL-3.0-or-later
// What a watch found: the checklist of the deployment filled in, each line with its evidence, every
// index with a recommendation, and one for the whole.
//
//   const Summary summary = summarise(observer);
//   summary.recommendation                 // "keep"
//
// Format   .plumbline/watch/summary.json, docs/formats/watch.md, schema 1
// Threads  pure functions.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "tool/watch/observer.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace plumb::watch {

// A new index is called useless only after it was idle for a whole business cycle.
inline constexpr std::int64_t kBusinessCycleMs = 7LL * 86'400'000;

struct ChecklistLine {
    std::string item;      // indexes, dashboard, reports, cpu, anomalies
    std::string title;     // "all indexes created in the database"
    std::string promised;  // may be empty
    std::string measured;
    std::string verdict;  // met, exceeded, missed, no difference, not measured
    std::string evidence;
};

struct IndexSummary {
    std::string collection;
    std::string name;
    bool is_new = false;
    bool there = false;
    double uses = 0;
    std::int64_t bytes = 0;
    std::string recommendation;  // keep, drop, look
    std::string reason;
};

struct Summary {
    std::string database;
    std::string url;
    std::int64_t from_ms = 0;
    std::int64_t to_ms = 0;
    std::int64_t every_ms = 0;
    std::int64_t for_ms = 0;
    std::int64_t samples = 0;
    std::int64_t sessions = 0;
    std::vector<std::string> members;
    std::vector<Gap> gaps;
    std::vector<Restart> restarts;
    double cpu_share = -1;  // of one core, mean over the watch; below 0: not told
    std::vector<ChecklistLine> checklist;
    std::vector<IndexSummary> indexes;  // those of the baseline and the strategy
    std::vector<Alert> alerts;
    std::string recommendation;  // keep, drop, look
    std::vector<std::string> reasons;
};

// requires at least one sample
[[nodiscard]] Summary summarise(const Observer& observer);

[[nodiscard]] bson::Document to_document(const Summary& summary);
// For people, in lines.
[[nodiscard]] std::vector<std::string> summary_lines(const Summary& summary);
// Whole or not at all. errors: IoError
[[nodiscard]] Status save(const Summary& summary, const std::filesystem::path& file);

}  // namespace plumb::watch
