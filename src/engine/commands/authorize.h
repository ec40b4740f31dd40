// SPDX-License-Identifier: GPL-3.0-or-later
// The one question before a command runs: may this client do that?
//
//   PLUMB_CHECK(authorize(state, client, {row, command, sequences, database}));
//
// Threads  the connection's own thread.
#pragma once

#include "base/result.h"
#include "engine/commands/requirements.h"
#include "engine/commands/service.h"

namespace plumb::commands {

struct ServiceState;

// Loads the users, and says in the log what an operator should know about access.
//   requires  called once, before the first command
void open_security(ServiceState& state);

// Without --auth everything is allowed, but to write admin.system.users by hand.
//   errors  Unauthorized (13): nobody is logged in, or none of the roles covers the command
[[nodiscard]] Status authorize(ServiceState& state, ClientState& client, const Request& request);

// What listDatabases and listCollections tell this client of: with listDatabases and without
// authorizedDatabases everything, else where the client may do anything at all.
[[nodiscard]] bool lists_database(const CommandContext& context, std::string_view database);
[[nodiscard]] bool lists_collection(const CommandContext& context, std::string_view ns);

}  // namespace plumb::commands
