// SPDX-License-Identifier: GPL-3.0-or-later
// The operations that run now: what currentOp shows and killOp stops.
//
//   OperationRegistry::Scope running(registry, {client, command, ns, "query", interrupt});
//
// Threads  from any thread. What a Scope names stays alive until the Scope ends; readers look at
//          it under the registry's lock only.
#pragma once

#include "base/clock.h"
#include "base/interrupt.h"
#include "bson/document.h"
#include "engine/commands/service.h"
#include "engine/storage/engine.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::commands {

// How far an index build is; written by the build, read by currentOp.
class BuildWatch {
  public:
    void set(const storage::BuildProgress& progress);
    // False while no build has reported.
    [[nodiscard]] bool get(storage::BuildProgress& out) const;

  private:
    std::atomic<int> phase_{-1};
    std::atomic<std::int64_t> done_{0};
    std::atomic<std::int64_t> total_{0};
};

// What an operation tells of itself while it runs, for currentOp.
class OperationNotes {
  public:
    void set_plan_summary(std::string summary);
    // The cursor that it works on, as currentOp shows it.
    void set_cursor(bson::Document cursor);
    struct Noted {
        std::string plan_summary;
        bson::Document cursor;
    };
    [[nodiscard]] Noted get() const;

  private:
    mutable std::mutex mutex_;
    Noted noted_;
};

// One running operation. Views point at what the operation itself keeps.
struct RunningOperation {
    const ClientState* client = nullptr;  // not owned
    bson::View command;
    std::string_view ns;
    std::string_view kind;           // "query", "getmore", "insert", "command" …
    Interrupt* interrupt = nullptr;  // not owned
    std::int32_t opid = 0;
    std::chrono::nanoseconds started{0};  // monotonic
    BuildWatch build;
    OperationNotes notes;
};

// A connection that has said hello, for currentOp with $all.
struct KnownClient {
    std::int64_t connection_id = 0;
    std::string remote_address;
    bson::Document metadata;
};

class OperationRegistry {
  public:
    explicit OperationRegistry(const Clock& clock) : clock_(clock) {}

    // Registers an operation for as long as it lives.
    class Scope {
      public:
        Scope(OperationRegistry& registry, RunningOperation& operation);
        Scope(const Scope&) = delete;
        Scope& operator=(const Scope&) = delete;
        ~Scope();

      private:
        OperationRegistry& registry_;
        RunningOperation& operation_;
    };

    // Calls `visit` for each operation, under the lock.
    void for_each(const std::function<void(const RunningOperation&)>& visit) const;
    // True if there was one of this id; it fails with Interrupted at its next check.
    bool kill(std::int32_t opid);
    void kill_connection(std::int64_t connection_id);
    // Interrupts all, and all that come later, with InterruptedAtShutdown.
    void shut_down();
    [[nodiscard]] std::size_t active() const;

    // A client said hello; kept until forget().
    void remember(const ClientState& client);
    void forget(std::int64_t connection_id);
    // The clients that run nothing now, by connection.
    [[nodiscard]] std::vector<KnownClient> idle_clients() const;

  private:
    const Clock& clock_;
    mutable std::mutex mutex_;
    std::vector<RunningOperation*> running_;     // owned by their Scopes' callers
    std::map<std::int64_t, KnownClient> known_;  // by connection
    std::int32_t next_opid_ = 1;
    bool shutting_down_ = false;
};

}  // namespace plumb::commands
