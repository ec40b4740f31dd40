// SPDX-License-Identifier: GPL-3.0-or-later
// What a command is, and the one table of them all.
//
//   Status run_ping(CommandContext& context, bson::Builder& reply);   // in ping.cpp
//   {"ping", run_ping, …}                                             // in command_table.cpp
//
// Threads  the table is constant; a context belongs to one operation.
#pragma once

#include "base/result.h"
#include "bson/builder.h"
#include "bson/document.h"
#include "engine/commands/action.h"
#include "engine/commands/counters.h"
#include "engine/commands/generic_fields.h"
#include "engine/commands/operation_registry.h"
#include "engine/commands/service.h"
#include "engine/exec/find.h"
#include "engine/exec/operation.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace plumb::commands {

struct ServiceState;
class SessionUse;  // commands/session_registry.h

// What a running command works with. Everything outlives the call.
struct CommandContext {
    ServiceState& service;
    ClientState& client;
    bson::View command;
    std::span<const DocumentSequence> sequences;
    const GenericFields& generic;
    exec::Operation& operation;
    RunningOperation& running;
    // The logical session of the command while it is a retryable write or part of a transaction.
    // Not owned. Null: neither.
    SessionUse* session = nullptr;

    [[nodiscard]] std::string_view database() const { return generic.database; }
};

// Runs a command: fills `reply` (without `ok`), or fails and the reply becomes the error's.
using RunCommand = Status (*)(CommandContext& context, bson::Builder& reply);

// Explains a command that stands inside `explain`: gives queryPlanner and the rest.
using ExplainCommand = Result<bson::Document> (*)(CommandContext& context,
                                                  bson::View inner,
                                                  exec::Verbosity verbosity);

enum class RunsOn : std::uint8_t { Any, AdminOnly };
// Whether the command reads document sequences itself; the others see them as arrays.
enum class Sequences : std::uint8_t { AsArrays, Direct };

// Whether the command may be part of a multi-document transaction.
enum class InTransaction : std::uint8_t { Refused, Allowed };

struct CommandRow {
    std::string_view name;
    RunCommand run = nullptr;
    RunsOn on = RunsOn::Any;
    OpCounter counter = OpCounter::Command;
    Latency latency = Latency::Commands;
    std::string_view kind = "command";  // `op` in currentOp
    Sequences sequences = Sequences::AsArrays;
    ExplainCommand explain = nullptr;  // null: cannot be explained
    std::string_view help = {};
    Action action = Action::LoggedIn;
    InTransaction in_transaction = InTransaction::Refused;
    bool retryable = false;  // a write that may carry a txnNumber outside a transaction
};

// Sorted by name; an alias is a row of its own.
[[nodiscard]] std::span<const CommandRow> command_table();

// The row of this exact name; null if there is none.
[[nodiscard]] const CommandRow* find_command(std::string_view name);

// {ok: 0, errmsg, code, codeName} and what the error's details add.
[[nodiscard]] bson::Document error_reply(const Error& error);

}  // namespace plumb::commands
