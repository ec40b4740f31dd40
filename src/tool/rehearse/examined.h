// SPDX-License-Identifier: GPL-3.0-or-later
// What each command of the workload makes the engine look at, call by call: documents, keys, what
// comes back. Counted by the engine itself, so that the inner side of a $lookup counts too.
//
//   PLUMB_TRY(examined, count_examined(with, query));
//   examined.commands[0].calls.size()            // up to kCallsMax
//
// The engine must be one that nobody else uses: its counters are read before and after.
//
// Threads  one thread.
#pragma once

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/result.h"
#include "client/client.h"
#include "tool/workload/draw.h"
#include "tool/workload/workload.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace plumb::rehearse {

inline constexpr std::uint64_t kCallsMax = 1000;
inline constexpr std::uint64_t kCallsMin = 4;

// One call of one command.
struct Call {
    double docs = 0;
    double keys = 0;
    double returned = 0;             // documents
    double bytes = 0;                // received
    double trips = 1;                // round trips
    std::uint64_t command_hash = 0;  // equal commands have equal hashes
};

// What a command is, as far as it decides how its work grows with the collection.
struct Traits {
    std::string collection;
    bool writes = false;
    bool is_insert = false;
    bool scans = false;         // a collection scan
    bool sorts = false;         // in memory: everything is read before anything is returned
    bool looks_up = false;      // a $lookup
    double limit = 0;           // documents after which it ends, skipped ones with them; 0: none
    bool from_itself = false;   // a value is drawn from a document of this same collection
    bool from_another = false;  // a value is drawn from a document of another one
    double misses = 0;          // share of draws that were made to match nothing
    std::string looked_up;      // the collection of a $lookup
};

struct CommandCalls {
    Traits traits;
    std::vector<Call> calls;
};

struct Examined {
    std::string id;  // of the query
    std::vector<CommandCalls> commands;
};

struct Counting {
    client::Client& client;
    const std::string& database;
    const workload::Workload& workload;
    const workload::Drawer& drawer;
    const Clock& clock;
    Interrupt& interrupt;
    std::chrono::milliseconds budget{1000};  // for each query
};

// Writes are explained, not done. errors: Interrupted; what the server says
[[nodiscard]] Result<Examined> count_examined(const Counting& with, const workload::Query& query);

}  // namespace plumb::rehearse
