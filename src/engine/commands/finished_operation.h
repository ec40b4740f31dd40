// SPDX-License-Identifier: GPL-3.0-or-later
// An operation that has ended, as the slow-operation log and the profiler see it: a command, or one
// statement of an update or delete.
//
//   const FinishedOperation done{…};
//   if (is_wanted(service, done)) { report(service, done); }
//
// Threads  from any thread.
#pragma once

#include "base/result.h"
#include "bson/builder.h"
#include "bson/document.h"
#include "engine/commands/operation_registry.h"
#include "engine/commands/service.h"
#include "engine/exec/operation.h"

#include <chrono>
#include <cstdint>
#include <string_view>

namespace plumb::commands {

struct ServiceState;

struct FinishedOperation {
    // `op` of the profiler: "query", "getmore", "insert", "update", "remove", "command".
    std::string_view kind;
    bool is_statement = false;  // of a batch: has no reply of its own
    std::string_view ns;
    bson::View command;      // the whole command, or the statement
    bson::View originating;  // of a getMore: the command that opened the cursor; else empty
    const ClientState& client;
    const exec::OperationStatistics& statistics;
    std::chrono::microseconds duration{0};
    std::int64_t reply_bytes = 0;  // 0: not shown
    const Error* error = nullptr;  // not owned; null: it worked
};

// A command as logs, currentOp and the profiler may show it: without the documents and statements
// of writes, without secrets, and with large values cut.
[[nodiscard]] bson::Document shown_command(bson::View command);

// "findAndModify" for {findAndModify: …}; empty for an empty document.
[[nodiscard]] std::string_view command_name(bson::View command);

// Which groups of fields an operation has beside what all have.
struct FieldGroups {
    bool examined = false;  // it planned a query
    bool cursor = false;    // it gave a batch: nreturned, cursorExhausted
    bool updated = false;   // nMatched, nModified
    bool inserted = false;
    bool deleted = false;
    bool tree = false;  // execStats
};
[[nodiscard]] FieldGroups field_groups(const FinishedOperation& operation);

// What log line and profiler entry have in common, in MongoDB's order: from cursorid to
// planCacheKey.
//   yields  the name of the count of yields, "numYield" or "numYields"
void append_counts(const FinishedOperation& operation, std::string_view yields, bson::Builder& out);
// {ok: 0, errMsg, errName, errCode}, if it failed.
void append_error(const FinishedOperation& operation, bson::Builder& out);
// What it locked: the collection that it read ("r") or wrote ("w").
void append_locks(const FinishedOperation& operation, bson::Builder& out);

}  // namespace plumb::commands
