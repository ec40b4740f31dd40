// SPDX-License-Identifier: GPL-3.0-or-later
// What a migration works on and with: a database, ways to reach it, and somebody who listens.
//
// Threads  one thread; `connect` is called for the threads that a run starts.
#pragma once

#include "base/clock.h"
#include "base/fault_points.h"
#include "base/interrupt.h"
#include "base/result.h"
#include "bson/document.h"
#include "client/client.h"
#include "tool/migrate/deployment/run_options.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>

namespace plumb::migrate {

enum class Direction : std::uint8_t { Up, Down };

// A migration begins.
struct Started {
    std::string number;  // "003"
    std::string title;
    std::string kind;  // of the first operation
    Direction direction = Direction::Up;
};

// The work on one collection begins.
struct OperationStarted {
    std::string kind;
    std::string collection;
    Direction direction = Direction::Up;
};

// What became of one index.
struct IndexEvent {
    enum class What : std::uint8_t { Created, Exists, Dropped, Absent, Kept };
    What what = What::Created;
    std::string collection;
    std::string name;
    bool unique = false;
    std::string detail;       // why, or under which other name
    std::int64_t ms = 0;      // of the command that did it
    std::int64_t bytes = -1;  // size of the index; -1 if not known
    int together = 1;         // indexes in that one command
};

// What became of anything but an index: a collection, its options, the fields of its documents.
struct StepEvent {
    enum class What : std::uint8_t { Done, Exists, Undone, Kept };
    What what = What::Done;
    std::string collection;
    std::string text;             // "added subscription_id to 20,000 documents"
    std::int64_t documents = -1;  // that were changed; -1 where none were the aim
    std::int64_t batches = 0;
    std::int64_t left = 0;  // documents that could not be decided and were left as they are
    std::int64_t ms = 0;
};

// How far long work is; total 0 if that is not known. `done` < 0: it is over.
struct Progress {
    std::string label;
    std::int64_t done = 0;
    std::int64_t total = 0;
};

// Something a person should know.
struct Note {
    std::string text;
};

// Dry run: a command that would be sent.
struct WouldSend {
    std::string database;
    bson::Document command;
};

using Event =
    std::variant<Started, OperationStarted, IndexEvent, StepEvent, Progress, Note, WouldSend>;
using Listener = std::function<void(const Event&)>;
using Connect = std::function<Result<std::unique_ptr<client::Client>>()>;

// Everything a run needs. All references outlive the run.
struct Deployment {
    client::Client& client;
    Connect connect;  // one more connection, for a thread
    std::string database;
    std::string tool;  // "plumb 0.1.0"
    const Clock& clock;
    FaultPoints& faults;
    Interrupt& interrupt;
    Listener listener;
    RunOptions options{};

    void tell(const Event& event) const { listener(event); }
};

// This process, as the lock and the ledger name it.
struct Runner {
    std::string host;
    std::string machine;  // boot id and process namespace: where a process id means something
    std::int64_t process_id = 0;
    std::int64_t process_start = 0;  // in clock ticks since boot; tells a reused id apart
    std::string run;                 // unique for each run
};

[[nodiscard]] Runner describe_this_process();

// True if `runner` ran on this machine and is no more; false if it lives or cannot be known.
[[nodiscard]] bool is_known_dead(const Runner& runner);

}  // namespace plumb::migrate
