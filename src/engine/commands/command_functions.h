// SPDX-License-Identifier: GPL-3.0-or-later
// The functions that the command table names; each stands in the file of its command.
//
// Threads  as CommandContext.
#pragma once

#include "engine/commands/command.h"

namespace plumb::commands {

[[nodiscard]] Status run_abort_transaction(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_aggregate(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_authenticate(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_build_info(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_clone_collection_as_capped(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_coll_mod(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_coll_stats(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_commit_transaction(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_connection_status(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_convert_to_capped(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_count(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_create(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_create_indexes(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_create_user(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_current_op(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_custom_role(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_db_stats(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_delete(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_distinct(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_drop(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_drop_all_users_from_database(CommandContext& context,
                                                      bson::Builder& reply);
[[nodiscard]] Status run_drop_database(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_drop_indexes(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_drop_user(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_end_sessions(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_explain(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_find(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_find_and_modify(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_free_monitoring(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_fsync(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_get_cmd_line_opts(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_get_log(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_get_more(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_get_parameter(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_grant_roles_to_user(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_hello(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_host_info(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_insert(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_is_master(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_kill_all_sessions(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_kill_all_sessions_by_pattern(CommandContext& context,
                                                      bson::Builder& reply);
[[nodiscard]] Status run_kill_cursors(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_kill_op(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_kill_sessions(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_list_collections(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_list_commands(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_list_databases(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_list_indexes(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_log_rotate(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_logout(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_ping(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_plan_cache_clear(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_profile(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_re_index(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_refresh_sessions(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_rename_collection(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_repl_set_get_config(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_repl_set_get_status(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_repl_set_initiate(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_revoke_roles_from_user(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_roles_info(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_sasl_continue(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_sasl_start(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_server_status(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_set_parameter(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_shutdown(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_start_session(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_top(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_update(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_update_user(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_users_info(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_validate(CommandContext& context, bson::Builder& reply);
[[nodiscard]] Status run_whatsmyuri(CommandContext& context, bson::Builder& reply);

[[nodiscard]] Result<bson::Document> explain_aggregate_command(CommandContext& context,
                                                               bson::View inner,
                                                               exec::Verbosity verbosity);
[[nodiscard]] Result<bson::Document> explain_count_command(CommandContext& context,
                                                           bson::View inner,
                                                           exec::Verbosity verbosity);
[[nodiscard]] Result<bson::Document> explain_delete_command(CommandContext& context,
                                                            bson::View inner,
                                                            exec::Verbosity verbosity);
[[nodiscard]] Result<bson::Document> explain_distinct_command(CommandContext& context,
                                                              bson::View inner,
                                                              exec::Verbosity verbosity);
[[nodiscard]] Result<bson::Document> explain_find_command(CommandContext& context,
                                                          bson::View inner,
                                                          exec::Verbosity verbosity);
[[nodiscard]] Result<bson::Document> explain_find_and_modify_command(CommandContext& context,
                                                                     bson::View inner,
                                                                     exec::Verbosity verbosity);
[[nodiscard]] Result<bson::Document> explain_update_command(CommandContext& context,
                                                            bson::View inner,
                                                            exec::Verbosity verbosity);

}  // namespace plumb::commands
