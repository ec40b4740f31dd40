// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command.h"
#include "engine/commands/command_functions.h"

#include <algorithm>
#include <array>

namespace plumb::commands {

namespace {

constexpr CommandRow command(std::string_view name,
                             Action action,
                             RunCommand run,
                             std::string_view help) {
    return {.name = name, .run = run, .help = help, .action = action};
}

constexpr CommandRow admin_command(std::string_view name,
                                   Action action,
                                   RunCommand run,
                                   std::string_view help) {
    return {.name = name, .run = run, .on = RunsOn::AdminOnly, .help = help, .action = action};
}

// Part of a multi-document transaction, or not refused there.
constexpr CommandRow also_in_transaction(CommandRow row) {
    row.in_transaction = InTransaction::Allowed;
    return row;
}

// The same, and a write that may carry a txnNumber without a transaction.
constexpr CommandRow retryable(CommandRow row) {
    row.in_transaction = InTransaction::Allowed;
    row.retryable = true;
    return row;
}

constexpr CommandRow read(std::string_view name,
                          Action action,
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
            .help = help,
            .action = action};
}

// The batches of writes read their sequences themselves; findAndModify has none.
constexpr CommandRow write(std::string_view name,
                           Action action,
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
            .help = help,
            .action = action};
}

constexpr auto kTable = std::to_array<CommandRow>({
    also_in_transaction(admin_command("abortTransaction",
                                      Action::LoggedIn,
                                      run_abort_transaction,
                                      "Takes back the writes of a transaction.")),
    also_in_transaction(read("aggregate",
                             Action::Aggregate,
                             run_aggregate,
                             OpCounter::Command,
                             "command",
                             explain_aggregate_command,
                             "Runs an aggregation pipeline.")),
    command("authenticate", Action::Public, run_authenticate, "Tells which log-ins there are."),
    command("buildInfo", Action::Public, run_build_info, "Tells version and build."),
    command("buildinfo", Action::Public, run_build_info, "Tells version and build."),
    command("cloneCollectionAsCapped",
            Action::CreateCollection,
            run_clone_collection_as_capped,
            "Copies a collection into a new capped one."),
    command("collMod",
            Action::ChangeCollection,
            run_coll_mod,
            "Changes a validator, a view, or an index's expiry or visibility."),
    command("collStats",
            Action::CollStats,
            run_coll_stats,
            "Tells the sizes of a collection and its indexes."),
    command("collstats",
            Action::CollStats,
            run_coll_stats,
            "Tells the sizes of a collection and its indexes."),
    also_in_transaction(admin_command("commitTransaction",
                                      Action::LoggedIn,
                                      run_commit_transaction,
                                      "Makes the writes of a transaction visible.")),
    command("connectionStatus",
            Action::Public,
            run_connection_status,
            "Tells who is logged in on this connection."),
    command("convertToCapped",
            Action::ConvertToCapped,
            run_convert_to_capped,
            "Makes a collection capped."),
    read("count",
         Action::Find,
         run_count,
         OpCounter::Command,
         "command",
         explain_count_command,
         "Counts the documents that match a query."),
    command("create", Action::CreateCollection, run_create, "Creates a collection or a view."),
    command(
        "createIndexes", Action::CreateIndex, run_create_indexes, "Builds indexes, all or none."),
    command(
        "createRole", Action::ManageUsers, run_custom_role, "Not available: roles are built in."),
    command("createUser", Action::ManageUsers, run_create_user, "Makes a user."),
    admin_command(
        "currentOp", Action::CurrentOperations, run_current_op, "Lists the running operations."),
    command("dbStats", Action::DbStats, run_db_stats, "Tells the sizes of a database."),
    command("dbstats", Action::DbStats, run_db_stats, "Tells the sizes of a database."),
    retryable(write("delete",
                    Action::Remove,
                    run_delete,
                    OpCounter::Delete,
                    "remove",
                    explain_delete_command,
                    "Deletes documents.")),
    command("deleteIndexes", Action::DropIndex, run_drop_indexes, "Drops indexes."),
    also_in_transaction(read("distinct",
                             Action::Find,
                             run_distinct,
                             OpCounter::Command,
                             "command",
                             explain_distinct_command,
                             "Lists the different values of a field.")),
    command("drop", Action::DropCollection, run_drop, "Drops a collection or a view."),
    command("dropAllRolesFromDatabase",
            Action::ManageUsers,
            run_custom_role,
            "Not available: roles are built in."),
    command("dropAllUsersFromDatabase",
            Action::ManageUsers,
            run_drop_all_users_from_database,
            "Drops all users of a database."),
    command("dropDatabase",
            Action::DropDatabase,
            run_drop_database,
            "Drops all collections of a database."),
    command("dropIndexes", Action::DropIndex, run_drop_indexes, "Drops indexes."),
    command("dropRole", Action::ManageUsers, run_custom_role, "Not available: roles are built in."),
    command("dropUser", Action::ManageUsers, run_drop_user, "Drops a user."),
    command("endSessions", Action::LoggedIn, run_end_sessions, "Ends sessions."),
    command("explain", Action::Explain, run_explain, "Shows how a command would run."),
    also_in_transaction(read("find",
                             Action::Find,
                             run_find,
                             OpCounter::Query,
                             "query",
                             explain_find_command,
                             "Gives the documents that match a query.")),
    retryable(write("findAndModify",
                    Action::Update,
                    run_find_and_modify,
                    OpCounter::Command,
                    "command",
                    explain_find_and_modify_command,
                    "Changes or removes one document and gives it.")),
    retryable(write("findandmodify",
                    Action::Update,
                    run_find_and_modify,
                    OpCounter::Command,
                    "command",
                    explain_find_and_modify_command,
                    "Changes or removes one document and gives it.")),
    admin_command("fsync", Action::Sync, run_fsync, "Writes everything to disk."),
    admin_command(
        "getCmdLineOpts", Action::GetCommandLine, run_get_cmd_line_opts, "Tells the command line."),
    admin_command("getFreeMonitoringStatus",
                  Action::ServerStatus,
                  run_free_monitoring,
                  "Tells that there is no cloud monitoring."),
    admin_command("getLog", Action::GetLog, run_get_log, "Gives the last lines of the log."),
    also_in_transaction(read("getMore",
                             Action::LoggedIn,
                             run_get_more,
                             OpCounter::GetMore,
                             "getmore",
                             nullptr,
                             "Gives the next batch of a cursor.")),
    admin_command("getParameter", Action::GetParameter, run_get_parameter, "Tells settings."),
    command("grantPrivilegesToRole",
            Action::ManageUsers,
            run_custom_role,
            "Not available: roles are built in."),
    command("grantRolesToRole",
            Action::ManageUsers,
            run_custom_role,
            "Not available: roles are built in."),
    command(
        "grantRolesToUser", Action::ManageUsers, run_grant_roles_to_user, "Gives roles to a user."),
    command("hello", Action::Public, run_hello, "Greets a driver."),
    command("hostInfo", Action::HostInfo, run_host_info, "Tells about the machine."),
    retryable(write("insert",
                    Action::Insert,
                    run_insert,
                    OpCounter::Insert,
                    "insert",
                    nullptr,
                    "Inserts documents.")),
    command("isMaster", Action::Public, run_is_master, "Greets a driver."),
    command("ismaster", Action::Public, run_is_master, "Greets a driver."),
    command("killAllSessions", Action::KillSessions, run_kill_all_sessions, "Ends sessions."),
    command("killAllSessionsByPattern",
            Action::KillSessions,
            run_kill_all_sessions_by_pattern,
            "Ends sessions."),
    also_in_transaction(
        command("killCursors", Action::KillCursors, run_kill_cursors, "Closes cursors.")),
    admin_command("killOp", Action::KillOperation, run_kill_op, "Stops a running operation."),
    command("killSessions", Action::LoggedIn, run_kill_sessions, "Ends sessions."),
    command("listCollections",
            Action::ListCollections,
            run_list_collections,
            "Lists collections and views."),
    command("listCommands", Action::LoggedIn, run_list_commands, "Lists the commands."),
    admin_command("listDatabases", Action::LoggedIn, run_list_databases, "Lists the databases."),
    command(
        "listIndexes", Action::ListIndexes, run_list_indexes, "Lists the indexes of a collection."),
    admin_command("logRotate", Action::RotateLog, run_log_rotate, "Opens the log file anew."),
    command("logout", Action::Public, run_logout, "Ends a log-in."),
    command("ping", Action::Public, run_ping, "Answers."),
    command("planCacheClear",
            Action::PlanCache,
            run_plan_cache_clear,
            "Forgets the plans of a collection."),
    command("profile",
            Action::EnableProfiler,
            run_profile,
            "Sets which operations are profiled and from when on one is slow."),
    command("reIndex", Action::ReIndex, run_re_index, "Builds the indexes of a collection anew."),
    command("refreshSessions", Action::LoggedIn, run_refresh_sessions, "Keeps sessions alive."),
    admin_command("renameCollection",
                  Action::RenameCollection,
                  run_rename_collection,
                  "Renames a collection."),
    admin_command("replSetGetConfig",
                  Action::ReplicationStatus,
                  run_repl_set_get_config,
                  "Tells the replica set's configuration."),
    admin_command("replSetGetStatus",
                  Action::ReplicationStatus,
                  run_repl_set_get_status,
                  "Tells the replica set's state."),
    admin_command("replSetInitiate",
                  Action::ReplicationConfigure,
                  run_repl_set_initiate,
                  "Says that the set is there."),
    command("revokePrivilegesFromRole",
            Action::ManageUsers,
            run_custom_role,
            "Not available: roles are built in."),
    command("revokeRolesFromRole",
            Action::ManageUsers,
            run_custom_role,
            "Not available: roles are built in."),
    command("revokeRolesFromUser",
            Action::ManageUsers,
            run_revoke_roles_from_user,
            "Takes roles from a user."),
    command("rolesInfo", Action::ViewUsers, run_roles_info, "Tells about roles."),
    command("saslContinue", Action::Public, run_sasl_continue, "Goes on with a log-in."),
    command("saslStart", Action::Public, run_sasl_start, "Begins a log-in."),
    command("serverStatus", Action::ServerStatus, run_server_status, "Tells how the server does."),
    admin_command("setParameter", Action::SetParameter, run_set_parameter, "Changes settings."),
    admin_command("shutdown", Action::Shutdown, run_shutdown, "Stops the server."),
    command("startSession", Action::LoggedIn, run_start_session, "Begins a session."),
    admin_command("top", Action::Top, run_top, "Tells how much each collection is used."),
    retryable(write("update",
                    Action::Update,
                    run_update,
                    OpCounter::Update,
                    "update",
                    explain_update_command,
                    "Updates documents.")),
    command(
        "updateRole", Action::ManageUsers, run_custom_role, "Not available: roles are built in."),
    command(
        "updateUser", Action::ManageUsers, run_update_user, "Changes a user's password or roles."),
    command("usersInfo", Action::ViewUsers, run_users_info, "Tells about users."),
    command("validate", Action::Validate, run_validate, "Checks a collection and its indexes."),
    command("whatsmyuri", Action::Public, run_whatsmyuri, "Tells the address of this client."),
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
