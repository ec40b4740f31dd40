// SPDX-License-Identifier: GPL-3.0-or-later
// What the service counts for serverStatus.
//
// Threads  from any thread.
#pragma once

#include "engine/exec/operation.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::commands {

// The groups that serverStatus.opcounters has.
enum class OpCounter : std::uint8_t { Insert, Query, Update, Delete, GetMore, Command, kCount };
// The groups of opLatencies.
enum class Latency : std::uint8_t { Reads, Writes, Commands, kCount };

class Counters {
  public:
    explicit Counters(std::size_t commands) : commands_(commands) {}

    void count(OpCounter group, std::int64_t by = 1) {
        operations_[static_cast<std::size_t>(group)].fetch_add(by, std::memory_order_relaxed);
    }
    [[nodiscard]] std::int64_t operations(OpCounter group) const {
        return operations_[static_cast<std::size_t>(group)].load(std::memory_order_relaxed);
    }

    // A command of table row `number` ended.
    void command_done(std::size_t number, bool failed);
    [[nodiscard]] std::int64_t command_total(std::size_t number) const {
        return commands_[number].total.load(std::memory_order_relaxed);
    }
    [[nodiscard]] std::int64_t command_failed(std::size_t number) const {
        return commands_[number].failed.load(std::memory_order_relaxed);
    }

    void add_latency(Latency group, std::chrono::microseconds time);
    [[nodiscard]] std::pair<std::int64_t, std::int64_t> latency(Latency group) const;  // µs, ops

    void add_statistics(const exec::OperationStatistics& statistics);

    struct Documents {
        std::atomic<std::int64_t> inserted{0};
        std::atomic<std::int64_t> updated{0};
        std::atomic<std::int64_t> deleted{0};
        std::atomic<std::int64_t> returned{0};
        std::atomic<std::int64_t> keys_examined{0};
        std::atomic<std::int64_t> docs_examined{0};
        std::atomic<std::int64_t> write_conflicts{0};
        std::atomic<std::int64_t> sorts{0};
    };
    [[nodiscard]] const Documents& documents() const { return documents_; }

    // The deleter of expired documents.
    struct Expiry {
        std::atomic<std::int64_t> passes{0};
        std::atomic<std::int64_t> deleted{0};
    };
    [[nodiscard]] Expiry& expiry() { return expiry_; }
    [[nodiscard]] const Expiry& expiry() const { return expiry_; }

    // Errors given to users (asserts.user).
    void user_error() { user_errors_.fetch_add(1, std::memory_order_relaxed); }
    [[nodiscard]] std::int64_t user_errors() const {
        return user_errors_.load(std::memory_order_relaxed);
    }

    // A command nobody knows; at most kUnsupportedMax names are remembered, the rest counts as "…".
    void unsupported(std::string_view name);
    [[nodiscard]] std::map<std::string, std::int64_t, std::less<>> unsupported_names() const;
    static constexpr std::size_t kUnsupportedMax = 200;

  private:
    struct PerCommand {
        std::atomic<std::int64_t> total{0};
        std::atomic<std::int64_t> failed{0};
    };
    struct PerLatency {
        std::atomic<std::int64_t> microseconds{0};
        std::atomic<std::int64_t> operations{0};
    };
    std::atomic<std::int64_t> operations_[static_cast<std::size_t>(OpCounter::kCount)] = {};
    PerLatency latencies_[static_cast<std::size_t>(Latency::kCount)];
    std::vector<PerCommand> commands_;
    Documents documents_;
    Expiry expiry_;
    std::atomic<std::int64_t> user_errors_{0};
    mutable std::mutex unsupported_mutex_;
    std::map<std::string, std::int64_t, std::less<>> unsupported_;
};

}  // namespace plumb::commands
