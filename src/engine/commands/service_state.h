// SPDX-License-Identifier: GPL-3.0-or-later
// What all commands share: the engine, cursors, running operations, counters, settings.
//
// Threads  from any thread; each member says how.
#pragma once

#include "base/clock.h"
#include "engine/commands/counters.h"
#include "engine/commands/cursor_registry.h"
#include "engine/commands/log_line.h"
#include "engine/commands/namespace_locks.h"
#include "engine/commands/operation_registry.h"
#include "engine/commands/service.h"
#include "engine/exec/plan_cache.h"
#include "engine/storage/engine.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace plumb::commands {

class Profiler;         // commands/profiler.h
class SessionRegistry;  // commands/session_registry.h
class TopCounters;      // commands/top_counters.h
class UserCatalog;      // commands/user_catalog.h

// The settings that can change while the engine runs.
struct Settings {
    std::atomic<std::int32_t> slow_ms{100};
    std::atomic<std::int64_t> index_build_megabytes{kIndexBuildMemoryBytes / (1024 * 1024)};
    std::atomic<bool> quiet{false};
    std::atomic<bool> ttl_enabled{true};        // ttlMonitorEnabled
    std::atomic<std::int64_t> ttl_sleep_s{60};  // ttlMonitorSleepSecs
};

struct ServiceState {
    ServiceState(storage::Engine& engine_in, const Clock& clock_in, ServiceOptions options_in);

    // One log line: to ServiceOptions::log_line and to the ring for getLog.
    void log(const LogLine& line);

    storage::Engine& engine;
    const Clock& clock;
    ServiceOptions options;
    std::string host;                      // this machine's name
    std::chrono::milliseconds started_at;  // wall time
    std::chrono::nanoseconds started_monotonic;
    exec::PlanCache plan_cache;
    CursorRegistry cursors;
    OperationRegistry operations;
    Counters counters;
    Settings settings;
    LogRing log_ring;
    std::atomic<bool> shutting_down{false};
    NamespaceLocks catalog_locks;
    // Made with the service and never null while it serves. Shared pointers, so that this header
    // needs none of their headers.
    std::shared_ptr<Profiler> profiler;
    std::shared_ptr<SessionRegistry> sessions;
    std::shared_ptr<TopCounters> top;
    std::shared_ptr<UserCatalog> users;
};

// What plumbd claims to be, and what it is.
inline constexpr std::string_view kMongoVersion = "4.2.0";
inline constexpr std::string_view kGitVersion = "nogitversion";

}  // namespace plumb::commands
