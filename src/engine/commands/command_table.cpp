// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command.h"
#include "engine/commands/command_functions.h"

#include <algorithm>
#include <array>

namespace plumb::commands {

namespace {

constexpr CommandRow command(std::string_view name, RunCommand run, std::string_view help) {
    return {.name = name, .run = run, .help = help};
}

constexpr CommandRow admin_command(std::string_view name, RunCommand run, std::string_view help) {
    return {.name = name, .run = run, .on = RunsOn::AdminOnly, .help = help};
}

constexpr CommandRow read(std::string_view name,
                          RunCommand run,
                          OpCounter counter,
                          std::string_view kind,
                          ExplainCommand explain,
                          std::string_view help) {
    return {.name = name,
            .run = run,
            .counter = counter,
            .latency = Latency::Reads,
            .kind = kind,
            .explain = explain,
            .help = help};
}

// The batches of writes read their sequences themselves; findAndModify has none.
constexpr CommandRow write(std::string_view name,
                           RunCommand run,
                           OpCounter counter,
                           std::string_view kind,
                           ExplainCommand explain,
                           std::string_view help) {
    return {.name = name,
            .run = run,
            .counter = counter,
            .latency = Latency::Writes,
            .kind = kind,
            .sequences = counter == OpCounter::Command ? Sequences::AsArrays : Sequences::Direct,
            .explain = explain,
            .help = help};
}

constexpr auto kTable = std::to_array<CommandRow>({
    read("aggregate",
         run_aggregate,
         OpCounter::Command,
         "command",
         explain_aggregate_command,
         "Runs an aggregation pipeline."),
    command("buildInfo", run_build_info, "Tells version and build."),
    command("buildinfo", run_build_info, "Tells version and build."),
    command("collMod",
            run_coll_mod,
            "Changes a validator, a view, or an index's expiry or visibility."),
    command("collStats", run_coll_stats, "Tells the sizes of a collection and its indexes."),
    command("collstats", run_coll_stats, "Tells the sizes of a collection and its indexes."),
    command(
        "connectionStatus", run_connection_status, "Tells who is logged in on this connection."),
    read("count",
         run_count,
         OpCounter::Command,
         "command",
         explain_count_command,
         "Counts the documents that match a query."),
    command("create", run_create, "Creates a collection or a view."),
    command("createIndexes", run_create_indexes, "Builds indexes, all or none."),
    admin_command("currentOp", run_current_op, "Lists the running operations."),
    command("dbStats", run_db_stats, "Tells the sizes of a database."),
    command("dbstats", run_db_stats, "Tells the sizes of a database."),
    write("delete",
          run_delete,
          OpCounter::Delete,
          "remove",
          explain_delete_command,
          "Deletes documents."),
    command("deleteIndexes", run_drop_indexes, "Drops indexes."),
    read("distinct",
         run_distinct,
         OpCounter::Command,
         "command",
         explain_distinct_command,
         "Lists the different values of a field."),
    command("drop", run_drop, "Drops a collection or a view."),
    command("dropDatabase", run_drop_database, "Drops all collections of a database."),
    command("dropIndexes", run_drop_indexes, "Drops indexes."),
    command("endSessions", run_session_ok, "Ends sessions."),
    command("explain", run_explain, "Shows how a command would run."),
    read("find",
         run_find,
         OpCounter::Query,
         "query",
         explain_find_command,
         "Gives the documents that match a query."),
    write("findAndModify",
          run_find_and_modify,
          OpCounter::Command,
          "command",
          explain_find_and_modify_command,
          "Changes or removes one document and gives it."),
    write("findandmodify",
          run_find_and_modify,
          OpCounter::Command,
          "command",
          explain_find_and_modify_command,
          "Changes or removes one document and gives it."),
    admin_command("fsync", run_fsync, "Writes everything to disk."),
    admin_command("getCmdLineOpts", run_get_cmd_line_opts, "Tells the command line."),
    admin_command(
        "getFreeMonitoringStatus", run_free_monitoring, "Tells that there is no cloud monitoring."),
    admin_command("getLog", run_get_log, "Gives the last lines of the log."),
    read("getMore",
         run_get_more,
         OpCounter::GetMore,
         "getmore",
         nullptr,
         "Gives the next batch of a cursor."),
    admin_command("getParameter", run_get_parameter, "Tells settings."),
    command("hello", run_hello, "Greets a driver."),
    command("hostInfo", run_host_info, "Tells about the machine."),
    write("insert", run_insert, OpCounter::Insert, "insert", nullptr, "Inserts documents."),
    command("isMaster", run_is_master, "Greets a driver."),
    command("ismaster", run_is_master, "Greets a driver."),
    command("killAllSessions", run_session_ok, "Ends sessions."),
    command("killAllSessionsByPattern", run_session_ok, "Ends sessions."),
    command("killCursors", run_kill_cursors, "Closes cursors."),
    admin_command("killOp", run_kill_op, "Stops a running operation."),
    command("killSessions", run_session_ok, "Ends sessions."),
    command("listCollections", run_list_collections, "Lists collections and views."),
    command("listCommands", run_list_commands, "Lists the commands."),
    admin_command("listDatabases", run_list_databases, "Lists the databases."),
    command("listIndexes", run_list_indexes, "Lists the indexes of a collection."),
    admin_command("logRotate", run_log_rotate, "Opens the log file anew."),
    command("ping", run_ping, "Answers."),
    command("planCacheClear", run_plan_cache_clear, "Forgets the plans of a collection."),
    command("profile", run_profile, "Sets from when on an operation is slow."),
    command("reIndex", run_re_index, "Builds the indexes of a collection anew."),
    command("refreshSessions", run_session_ok, "Keeps sessions alive."),
    admin_command("renameCollection", run_rename_collection, "Renames a collection."),
    command("serverStatus", run_server_status, "Tells how the server does."),
    admin_command("setParameter", run_set_parameter, "Changes settings."),
    admin_command("shutdown", run_shutdown, "Stops the server."),
    command("startSession", run_start_session, "Begins a session."),
    write("update",
          run_update,
          OpCounter::Update,
          "update",
          explain_update_command,
          "Updates documents."),
    command("validate", run_validate, "Checks a collection and its indexes."),
    command("whatsmyuri", run_whatsmyuri, "Tells the address of this client."),
});

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
