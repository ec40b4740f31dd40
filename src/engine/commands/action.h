// SPDX-License-Identifier: GPL-3.0-or-later
// What a command does, as roles grant it, by MongoDB's names of actions.
//
// Source   MongoDB manual, "Privilege Actions"
// Threads  constants.
#pragma once

#include <cstdint>

namespace plumb::commands {

enum class Action : std::uint8_t {
    Public,    // anybody, also before a log-in: hello, saslStart, ping …
    LoggedIn,  // any user
    Find,
    Insert,
    Update,
    Remove,
    Aggregate,  // by what its stages do
    Explain,    // by the command that is explained
    ListDatabases,
    ListCollections,
    ListIndexes,
    CollStats,
    DbStats,
    IndexStats,
    Validate,
    CreateCollection,
    DropCollection,
    RenameCollection,
    ChangeCollection,  // collMod
    CreateIndex,
    DropIndex,
    ReIndex,
    DropDatabase,
    EnableProfiler,
    PlanCache,
    ViewUsers,
    ManageUsers,
    CurrentOperations,  // inprog
    KillOperation,
    KillCursors,
    KillSessions,
    ServerStatus,
    HostInfo,
    Top,
    GetLog,
    RotateLog,
    GetCommandLine,
    GetParameter,
    SetParameter,
    Sync,  // fsync
    Shutdown,
    ChangeStream,
    BypassValidation,
    ConvertToCapped,
    DbHash,
    Compact,
    ReplicationStatus,
    ReplicationConfigure,
    PlanCacheRead,  // $planCacheStats
};

}  // namespace plumb::commands
