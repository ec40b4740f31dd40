// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"
#include "engine/commands/log_in.h"
#include "engine/commands/service_state.h"
#include "engine/commands/user_catalog.h"

#include <array>

namespace plumb::commands {

namespace {

constexpr auto kFields = std::to_array<FieldRule>({
    {"conversationId", kNumber, Need::Required},
    {"payload", kAnyType, Need::Required},

});

// The user may have been dropped, or given another password, since the log-in began.
bool is_still_the_same(const UserCatalog& users, const Conversation& conversation) {
    return conversation.user != nullptr &&
           users.find(conversation.database, conversation.exchange.user()) == conversation.user;
}

Status finish(CommandContext& context, const Conversation& conversation) {
    if (!is_still_the_same(*context.service.users, conversation)) {
        log_failure(context, conversation, "the user has changed meanwhile");
        return authentication_failed();
    }
    log_success(context, conversation);
    ClientLogin& login = login_of(context.client);
    login.add(conversation.user);
    return {};
}

// The client's proof. What follows depends on whether the client wants the extra round.
Status check_proof(CommandContext& context,
                   Conversation conversation,
                   std::string_view payload,
                   bson::Builder& reply) {
    const auto answer = conversation.exchange.verify(payload);
    if (!answer.ok()) {
        log_failure(
            context,
            conversation,
            conversation.user == nullptr ? "there is no such user" : answer.error().message());
        return authentication_failed();
    }
    if (conversation.skips_empty_exchange) {
        append_sasl_reply(conversation, *answer, true, reply);
        return finish(context, conversation);
    }
    append_sasl_reply(conversation, *answer, false, reply);
    conversation.proved = true;
    login_of(context.client).conversation = std::move(conversation);
    return {};
}

}  // namespace

Status run_sasl_continue(CommandContext& context, bson::Builder& reply) {
    PLUMB_CHECK(check_fields(context.command, {.structure = "saslContinue", .rules = kFields}));
    ClientLogin& login = login_of(context.client);
    if (!login.conversation) {
        return fail(ErrorCode::ProtocolError, "No SASL session state found");
    }
    // A step that fails ends the log-in: each proof is one guess.
    Conversation conversation = std::move(*login.conversation);
    login.conversation.reset();
    if (integer(context.command, "conversationId") != conversation.id) {
        return fail(ErrorCode::ProtocolError, "sasl: Mismatched conversation id");
    }
    if (conversation.database != context.database()) {
        return fail(ErrorCode::ProtocolError,
                    "Attempt to switch database target during SASL authentication.");
    }
    PLUMB_TRY(payload, sasl_payload(context.command));
    if (!conversation.proved) {
        return check_proof(context, std::move(conversation), payload, reply);
    }
    if (!payload.empty()) {
        log_failure(context, conversation, "the last message is not empty");
        return authentication_failed();
    }
    append_sasl_reply(conversation, {}, true, reply);
    return finish(context, conversation);
}

}  // namespace plumb::commands
