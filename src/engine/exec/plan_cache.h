// SPDX-License-Identifier: GPL-3.0-or-later
// Which plan won for a shape of query, so that the next query of that shape needs no trial.
//
// An entry begins inactive; it is used once a second trial needed no more work than the first
// (MongoDB 4.2's rule against plans that were lucky once). A plan that needs ten times the work it
// was remembered with is put to trial again.
//
// Threads  from any thread.
#pragma once

#include "base/clock.h"
#include "bson/document.h"
#include "engine/exec/index_usage.h"
#include "engine/plan/planner.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::exec {

// How many times an entry's works a plan may take before it is tried against the others again.
inline constexpr std::int64_t kReplanFactor = 10;
// Entries kept in all; at more, the oldest goes.
inline constexpr std::size_t kPlanCacheEntriesMax = 5000;

class PlanCache {
  public:
    struct Entry {
        std::string ns;
        std::string plan;  // plan_fingerprint of the winner
        std::int64_t works = 0;
        bool active = false;
        std::string query_hash;
        std::string cache_key;
        bson::Document query;
        bson::Document sort;
        bson::Document projection;
        bson::Date created;
        bson::Document cached_plan;                       // as explain shows it
        std::vector<bson::Document> creation_statistics;  // of each plan of the trial, best first
        std::vector<double> scores;                       // of the same
    };

    // The key of a query on a collection with its indexes as they are.
    [[nodiscard]] static std::string key_of(const plan::QueryRequest& request,
                                            const storage::CollectionState& collection);

    // The entry, if it is active.
    [[nodiscard]] std::optional<Entry> find_active(const std::string& key) const;
    // What a trial found.
    void remember(const std::string& key, Entry found);
    // Forgets all entries of a collection; of all collections if `ns` is empty.
    void clear(std::string_view ns);
    [[nodiscard]] std::vector<Entry> entries(std::string_view ns) const;

    [[nodiscard]] IndexUsage& index_usage() { return index_usage_; }

  private:
    mutable std::mutex mutex_;  // guards entries_ and order_
    std::map<std::string, Entry> entries_;
    std::vector<std::string> order_;  // keys, oldest first
    IndexUsage index_usage_;
};

// The stages and indexes of a plan without its constants: "FETCH(IXSCAN user_id_1 forward)".
[[nodiscard]] std::string plan_fingerprint(const plan::PlanNode& root);

// Whether a query is of a kind whose plans are remembered by shape: not by _id alone, without a
// hint, with a condition or an order.
[[nodiscard]] bool has_cached_shape(const plan::QueryRequest& request, const plan::PlanNode& plan);

}  // namespace plumb::exec
