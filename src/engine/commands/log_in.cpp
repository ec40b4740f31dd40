// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/log_in.h"

#include "engine/auth/crypto.h"
#include "engine/commands/fields.h"
#include "engine/commands/service_state.h"
#include "engine/commands/user_catalog.h"

#include <fmt/format.h>

namespace plumb::commands {

namespace {

constexpr std::uint8_t kGenericSubtype = 0;
constexpr std::size_t kNonceBytes = 24;
constexpr std::int32_t kSucceededId = 20250;  // MongoDB's ids of these messages
constexpr std::int32_t kFailedId = 20249;

void log_access(CommandContext& context, LogLine line, bson::View attributes) {
    const std::string thread = fmt::format("conn{}", context.client.connection_id);
    line.time = context.service.clock.now();
    line.component = "ACCESS";
    line.context = thread;
    line.attributes = attributes;
    context.service.log(line);
}

void describe(const CommandContext& context,
              const Conversation& conversation,
              bson::Builder& attributes) {
    attributes.append("mechanism", auth::mechanism_name(conversation.exchange.hash()));
    attributes.append("speculative", conversation.speculative);
    attributes.append("principalName", conversation.exchange.user());
    attributes.append("authenticationDatabase", conversation.database);
    attributes.append("remote", context.client.remote_address);
}

// What the proof is checked against. Somebody who is not there, or has no password for this
// mechanism, gets what looks the same and can be proved by nobody.
Result<auth::ScramCredentials> credentials_for(UserCatalog& users,
                                               const Conversation& conversation) {
    const auth::Hash hash = conversation.exchange.hash();
    PLUMB_TRY(secret, users.secret());
    // Made in any case, so that both cases take the same time.
    auth::ScramCredentials out = auth::unknown_user_credentials(
        hash, secret, fmt::format("{}.{}", conversation.database, conversation.exchange.user()));
    if (conversation.user != nullptr && conversation.user->credentials(hash)) {
        out = *conversation.user->credentials(hash);
    }
    return out;
}

// A message that nothing can be read from: whose log-in it was is not known.
void log_unreadable(CommandContext& context, const StartLogIn& start, std::string_view why) {
    bson::Builder attributes;
    attributes.append("speculative", start.speculative);
    attributes.append("authenticationDatabase", start.database);
    attributes.append("remote", context.client.remote_address);
    attributes.append("error", why);
    LogLine line;
    line.id = kFailedId;
    line.message = "Authentication failed";
    log_access(context, line, attributes.finish_view());
}

Result<auth::ScramExchange> begin_exchange(const StartLogIn& start) {
    const std::string_view mechanism = string_or(start.arguments, "mechanism", "");
    const auto hash = auth::mechanism_of(mechanism);
    PLUMB_ASSERT(hash.has_value());
    PLUMB_TRY(payload, sasl_payload(start.arguments));
    PLUMB_TRY(nonce, auth::random_bytes(kNonceBytes));
    return auth::ScramExchange::begin(*hash, payload, auth::to_base64(nonce));
}

}  // namespace

Error authentication_failed() {
    return fail(ErrorCode::AuthenticationFailed, "Authentication failed.");
}

Result<std::string> sasl_payload(bson::View arguments) {
    const bson::ValueView payload = arguments.find("payload");
    if (payload.type() == bson::Type::Binary) {
        return std::string{payload.as_binary().bytes};
    }
    if (payload.type() == bson::Type::String) {
        if (auto bytes = auth::from_base64(payload.as_string())) {
            return std::move(*bytes);
        }
    }
    return fail(ErrorCode::BadValue, "payload must be binary data or a base64 string");
}

void append_sasl_reply(const Conversation& conversation,
                       std::string_view payload,
                       bool done,
                       bson::Builder& reply) {
    reply.append("conversationId", conversation.id);
    reply.append("done", done);
    reply.append_binary("payload", {kGenericSubtype, payload});
}

void log_success(CommandContext& context, const Conversation& conversation) {
    bson::Builder attributes;
    describe(context, conversation, attributes);
    LogLine line;
    line.id = kSucceededId;
    line.message = "Authentication succeeded";
    log_access(context, line, attributes.finish_view());
}

void log_failure(CommandContext& context, const Conversation& conversation, std::string_view why) {
    bson::Builder attributes;
    describe(context, conversation, attributes);
    attributes.append("error", why);
    LogLine line;
    line.id = kFailedId;
    line.message = "Authentication failed";
    log_access(context, line, attributes.finish_view());
}

Status start_log_in(CommandContext& context, const StartLogIn& start, bson::Builder& reply) {
    ClientLogin& login = login_of(context.client);
    login.conversation.reset();
    const std::string_view mechanism = string_or(start.arguments, "mechanism", "");
    if (!auth::mechanism_of(mechanism)) {
        return fail(ErrorCode::BadValue,
                    fmt::format("Received authentication for mechanism {} which is not enabled",
                                mechanism));
    }
    auto exchange = begin_exchange(start);
    if (!exchange.ok()) {
        log_unreadable(context, start, exchange.error().message());
        return authentication_failed();
    }
    Conversation conversation{.exchange = std::move(exchange).value(),
                              .database = std::string{start.database}};
    UserCatalog& users = *context.service.users;
    conversation.user = users.find(start.database, conversation.exchange.user());
    // Some drivers go on with a step that was sent ahead whatever the mechanisms are.
    if (start.speculative && conversation.user != nullptr &&
        !conversation.user->credentials(conversation.exchange.hash())) {
        return authentication_failed();
    }
    conversation.skips_empty_exchange =
        bool_or(document_or_empty(start.arguments, "options"), "skipEmptyExchange", false);
    conversation.speculative = start.speculative;
    PLUMB_TRY(credentials, credentials_for(users, conversation));
    const std::string challenge = conversation.exchange.challenge(std::move(credentials));
    append_sasl_reply(conversation, challenge, false, reply);
    login.conversation = std::move(conversation);
    return {};
}

}  // namespace plumb::commands
