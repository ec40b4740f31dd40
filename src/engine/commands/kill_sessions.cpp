// SPDX-License-Identifier: GPL-3.0-or-later
// killSessions, killAllSessions, killAllSessionsByPattern: end what sessions hold: running
// operations, cursors, the open transaction.
#include "engine/commands/command_functions.h"
#include "engine/commands/service_state.h"
#include "engine/commands/session_id.h"
#include "engine/commands/session_list.h"
#include "engine/commands/session_registry.h"

#include <algorithm>

namespace plumb::commands {

namespace {

// Operations of these sessions but the one that asks.
void interrupt_operations(CommandContext& context, const std::vector<std::string>& ids) {
    context.service.operations.for_each([&](const RunningOperation& operation) {
        if (operation.interrupt == &context.operation.interrupt) {
            return;
        }
        const bson::ValueView session = operation.command.find("lsid");
        if (session.type() != bson::Type::Document) {
            return;
        }
        const auto id = session_id(session.as_document());
        if (id.ok() && std::ranges::find(ids, *id) != ids.end()) {
            operation.interrupt->kill(ErrorCode::Interrupted);
        }
    });
}

void kill_all(CommandContext& context, const std::vector<std::string>& ids) {
    interrupt_operations(context, ids);
    for (const std::string& id : ids) {
        context.service.sessions->kill(id);
        static_cast<void>(context.service.cursors.kill_session(id, std::nullopt));
    }
}

}  // namespace

Status run_kill_sessions(CommandContext& context, bson::Builder&) {
    PLUMB_TRY(ids, listed_sessions(context.command));
    kill_all(context, ids.empty() ? context.service.sessions->ids() : ids);
    return {};
}

// There are no users' sessions apart: {user, db} patterns would have to name everybody's.
Status run_kill_all_sessions(CommandContext& context, bson::Builder&) {
    const bson::ValueView users = context.command.front().value;
    if (users.type() != bson::Type::Array) {
        return fail(ErrorCode::TypeMismatch, "the users must be an array");
    }
    if (!users.as_array().empty()) {
        return fail(ErrorCode::CommandNotSupported,
                    "plumbd does not keep sessions apart by user: killAllSessions takes no users");
    }
    kill_all(context, context.service.sessions->ids());
    return {};
}

Status run_kill_all_sessions_by_pattern(CommandContext& context, bson::Builder&) {
    const bson::ValueView patterns = context.command.front().value;
    if (patterns.type() != bson::Type::Array) {
        return fail(ErrorCode::TypeMismatch, "the patterns must be an array");
    }
    std::vector<std::string> ids;
    for (const bson::Element& pattern : patterns.as_array()) {
        const bson::ValueView session = pattern.value.type() == bson::Type::Document
                                            ? pattern.value.as_document().find("lsid")
                                            : bson::ValueView{};
        if (session.type() != bson::Type::Document) {
            return fail(ErrorCode::CommandNotSupported,
                        "plumbd kills sessions by {lsid: …} patterns only");
        }
        PLUMB_TRY(id, session_id(session.as_document()));
        ids.push_back(std::move(id));
    }
    kill_all(context, patterns.as_array().empty() ? context.service.sessions->ids() : ids);
    return {};
}

}  // namespace plumb::commands
