// SPDX-License-Identifier: GPL-3.0-or-later
// startSession, refreshSessions, endSessions: drivers begin and end logical sessions around
// everything.
#include "engine/commands/command_functions.h"
#include "engine/commands/service_state.h"
#include "engine/commands/session_id.h"
#include "engine/commands/session_list.h"
#include "engine/commands/session_registry.h"

namespace plumb::commands {

Status run_start_session(CommandContext& context, bson::Builder& reply) {
    const std::string id = random_session_id();
    PLUMB_CHECK(context.service.sessions->touch(id));
    append_session_id(reply, "id", id);
    reply.append("timeoutMinutes", kSessionMinutes);
    return {};
}

Status run_refresh_sessions(CommandContext& context, bson::Builder&) {
    PLUMB_TRY(ids, listed_sessions(context.command));
    for (const std::string& id : ids) {
        PLUMB_CHECK(context.service.sessions->touch(id));
    }
    return {};
}

Status run_end_sessions(CommandContext& context, bson::Builder&) {
    PLUMB_TRY(ids, listed_sessions(context.command));
    for (const std::string& id : ids) {
        context.service.sessions->end(id);
    }
    return {};
}

}  // namespace plumb::commands
