// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "engine/commands/command.h"
#include "engine/commands/command_functions.h"

namespace plumb::commands {

namespace {

constexpr auto kAny = RunsOn::Any;
constexpr auto kAdmin = RunsOn::AdminOnly;
constexpr auto kCommand = OpCounter::Command;
constexpr auto kReads = Latency::Reads;
constexpr auto kWrites = Latency::Writes;
constexpr auto kCommands = Latency::Commands;
constexpr auto kArrays = Sequences::AsArrays;
constexpr auto kDirect = Sequences::Direct;

// clang-format off
constexpr auto kTable = std::to_array<CommandRow>({
    // name                      run                      on      counter             latency    op         sequences explain                          help
    {"aggregate",                run_aggregate,           kAny,   kCommand,           kReads,    "command", kArrays, explain_aggregate_command,       "Runs an aggregation pipeline."},
    {"buildInfo",                run_build_info,          kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Tells version and build."},
    {"buildinfo",                run_build_info,          kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Tells version and build."},
    {"collMod",                  run_coll_mod,            kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Changes a validator, a view, or an index's expiry or visibility."},
    {"collStats",                run_coll_stats,          kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Tells the sizes of a collection and its indexes."},
    {"collstats",                run_coll_stats,          kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Tells the sizes of a collection and its indexes."},
    {"connectionStatus",         run_connection_status,   kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Tells who is logged in on this connection."},
    {"count",                    run_count,               kAny,   kCommand,           kReads,    "command", kArrays, explain_count_command,           "Counts the documents that match a query."},
    {"create",                   run_create,              kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Creates a collection or a view."},
    {"createIndexes",            run_create_indexes,      kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Builds indexes, all or none."},
    {"currentOp",                run_current_op,          kAdmin, kCommand,           kCommands, "command", kArrays, nullptr,                         "Lists the running operations."},
    {"dbStats",                  run_db_stats,            kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Tells the sizes of a database."},
    {"dbstats",                  run_db_stats,            kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Tells the sizes of a database."},
    {"delete",                   run_delete,              kAny,   OpCounter::Delete,  kWrites,   "remove",  kDirect, explain_delete_command,          "Deletes documents."},
    {"deleteIndexes",            run_drop_indexes,        kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Drops indexes."},
    {"distinct",                 run_distinct,            kAny,   kCommand,           kReads,    "command", kArrays, explain_distinct_command,        "Lists the different values of a field."},
    {"drop",                     run_drop,                kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Drops a collection or a view."},
    {"dropDatabase",             run_drop_database,       kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Drops all collections of a database."},
    {"dropIndexes",              run_drop_indexes,        kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Drops indexes."},
    {"endSessions",              run_session_ok,          kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Ends sessions."},
    {"explain",                  run_explain,             kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Shows how a command would run."},
    {"find",                     run_find,                kAny,   OpCounter::Query,   kReads,    "query",   kArrays, explain_find_command,            "Gives the documents that match a query."},
    {"findAndModify",            run_find_and_modify,     kAny,   kCommand,           kWrites,   "command", kArrays, explain_find_and_modify_command, "Changes or removes one document and gives it."},
    {"findandmodify",            run_find_and_modify,     kAny,   kCommand,           kWrites,   "command", kArrays, explain_find_and_modify_command, "Changes or removes one document and gives it."},
    {"fsync",                    run_fsync,               kAdmin, kCommand,           kCommands, "command", kArrays, nullptr,                         "Writes everything to disk."},
    {"getCmdLineOpts",           run_get_cmd_line_opts,   kAdmin, kCommand,           kCommands, "command", kArrays, nullptr,                         "Tells the command line."},
    {"getFreeMonitoringStatus",  run_free_monitoring,     kAdmin, kCommand,           kCommands, "command", kArrays, nullptr,                         "Tells that there is no cloud monitoring."},
    {"getLog",                   run_get_log,             kAdmin, kCommand,           kCommands, "command", kArrays, nullptr,                         "Gives the last lines of the log."},
    {"getMore",                  run_get_more,            kAny,   OpCounter::GetMore, kReads,    "getmore", kArrays, nullptr,                         "Gives the next batch of a cursor."},
    {"getParameter",             run_get_parameter,       kAdmin, kCommand,           kCommands, "command", kArrays, nullptr,                         "Tells settings."},
    {"hello",                    run_hello,               kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Greets a driver."},
    {"hostInfo",                 run_host_info,           kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Tells about the machine."},
    {"insert",                   run_insert,              kAny,   OpCounter::Insert,  kWrites,   "insert",  kDirect, nullptr,                         "Inserts documents."},
    {"isMaster",                 run_is_master,           kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Greets a driver."},
    {"ismaster",                 run_is_master,           kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Greets a driver."},
    {"killAllSessions",          run_session_ok,          kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Ends sessions."},
    {"killAllSessionsByPattern", run_session_ok,          kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Ends sessions."},
    {"killCursors",              run_kill_cursors,        kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Closes cursors."},
    {"killOp",                   run_kill_op,             kAdmin, kCommand,           kCommands, "command", kArrays, nullptr,                         "Stops a running operation."},
    {"killSessions",             run_session_ok,          kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Ends sessions."},
    {"listCollections",          run_list_collections,    kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Lists collections and views."},
    {"listCommands",             run_list_commands,       kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Lists the commands."},
    {"listDatabases",            run_list_databases,      kAdmin, kCommand,           kCommands, "command", kArrays, nullptr,                         "Lists the databases."},
    {"listIndexes",              run_list_indexes,        kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Lists the indexes of a collection."},
    {"logRotate",                run_log_rotate,          kAdmin, kCommand,           kCommands, "command", kArrays, nullptr,                         "Opens the log file anew."},
    {"ping",                     run_ping,                kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Answers."},
    {"planCacheClear",           run_plan_cache_clear,    kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Forgets the plans of a collection."},
    {"profile",                  run_profile,             kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Sets from when on an operation is slow."},
    {"reIndex",                  run_re_index,            kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Builds the indexes of a collection anew."},
    {"refreshSessions",          run_session_ok,          kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Keeps sessions alive."},
    {"renameCollection",         run_rename_collection,   kAdmin, kCommand,           kCommands, "command", kArrays, nullptr,                         "Renames a collection."},
    {"serverStatus",             run_server_status,       kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Tells how the server does."},
    {"setParameter",             run_set_parameter,       kAdmin, kCommand,           kCommands, "command", kArrays, nullptr,                         "Changes settings."},
    {"shutdown",                 run_shutdown,            kAdmin, kCommand,           kCommands, "command", kArrays, nullptr,                         "Stops the server."},
    {"startSession",             run_start_session,       kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Begins a session."},
    {"update",                   run_update,              kAny,   OpCounter::Update,  kWrites,   "update",  kDirect, explain_update_command,          "Updates documents."},
    {"validate",                 run_validate,            kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Checks a collection and its indexes."},
    {"whatsmyuri",               run_whatsmyuri,          kAny,   kCommand,           kCommands, "command", kArrays, nullptr,                         "Tells the address of this client."},
});
// clang-format on

static_assert(std::ranges::is_sorted(kTable, {}, &CommandRow::name));
static_assert(std::ranges::adjacent_find(kTable, {}, &CommandRow::name) == kTable.end());

}  // namespace

std::span<const CommandRow> command_table() {
    return kTable;
}

const CommandRow* find_command(std::string_view name) {
    const auto row = std::ranges::lower_bound(kTable, name, {}, &CommandRow::name);
    return row != kTable.end() && row->name == name ? &*row : nullptr;
}

}  // namespace plumb::commands
