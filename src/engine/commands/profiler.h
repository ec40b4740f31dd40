// SPDX-License-Identifier: GPL-3.0-or-later
// The profiler: which operations of which databases are recorded, and their recording in
// <database>.system.profile, a capped collection of 1 MB that is made when it is first needed.
//
//   if (profiler.wants(database, duration, slow)) { profiler.record(engine, database, entry); }
//
// Levels are kept in memory: after a restart every database is at 0, as in MongoDB.
//
// Source   MongoDB manual, "Database Profiler"
// Threads  from any thread.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "bson/document.h"
#include "engine/storage/engine.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <shared_mutex>
#include <string>
#include <string_view>

namespace plumb::commands {

inline constexpr std::int64_t kProfileBytes = 1024 * 1024;

class Profiler {
  public:
    // 0: nothing, 1: slow operations, 2: all.
    [[nodiscard]] int level(std::string_view database) const;
    // Makes system.profile if `level` is above 0. errors: those of making a collection
    [[nodiscard]] Status set_level(storage::Engine& engine, std::string_view database, int level);

    // The part of the slow operations that is recorded and logged, 0 … 1.
    [[nodiscard]] double sample_rate() const {
        return sample_rate_.load(std::memory_order_relaxed);
    }
    void set_sample_rate(double rate) { sample_rate_.store(rate, std::memory_order_relaxed); }
    // Draws whether one operation belongs to that part.
    [[nodiscard]] bool is_sampled();

    // False without a look at anything else while no database has a level above 0.
    [[nodiscard]] bool is_any_on() const { return any_on_.load(std::memory_order_relaxed); }

    // Writes an entry. A profiler that cannot write (disk full) must not fail what it watches: the
    // entry is lost then, and counted.
    void record(storage::Engine& engine,
                const Clock& clock,
                std::string_view database,
                bson::View entry);
    [[nodiscard]] std::int64_t lost() const { return lost_.load(std::memory_order_relaxed); }

  private:
    mutable std::shared_mutex mutex_;
    std::map<std::string, int, std::less<>> levels_;  // those above 0
    std::atomic<bool> any_on_{false};
    std::atomic<double> sample_rate_{1.0};
    std::atomic<std::uint64_t> draws_{0};
    std::atomic<std::int64_t> lost_{0};
};

[[nodiscard]] std::string profile_namespace(std::string_view database);

}  // namespace plumb::commands
