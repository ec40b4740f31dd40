// SPDX-License-Identifier: GPL-3.0-or-later
// The steps of a log-in that saslStart, saslContinue and the first hello share.
//
// Whatever is wrong with a log-in, the client hears "Authentication failed." and the log why:
// without payloads, keys or passwords.
//
// Threads  the connection's own thread.
#pragma once

#include "base/result.h"
#include "bson/builder.h"
#include "engine/commands/client_login.h"
#include "engine/commands/command.h"

#include <string_view>

namespace plumb::commands {

// {saslStart: 1, mechanism, payload, options: {skipEmptyExchange}}: begins a log-in in place of one
// that is under way, and replies {conversationId, done: false, payload}.
//   errors  AuthenticationFailed (18); BadValue (2) for a mechanism that is not available
struct StartLogIn {
    bson::View arguments;
    std::string_view database;
    bool speculative = false;  // inside of hello
};
[[nodiscard]] Status start_log_in(CommandContext& context,
                                  const StartLogIn& start,
                                  bson::Builder& reply);

// The bytes of `payload`: binary, or a string in base64. errors: BadValue
[[nodiscard]] Result<std::string> sasl_payload(bson::View arguments);

void append_sasl_reply(const Conversation& conversation,
                       std::string_view payload,
                       bool done,
                       bson::Builder& reply);

void log_success(CommandContext& context, const Conversation& conversation);
void log_failure(CommandContext& context, const Conversation& conversation, std::string_view why);

[[nodiscard]] Error authentication_failed();

// What hello tells of log-ins and compression if it was asked: saslSupportedMechs,
// speculativeAuthenticate, compression.
void append_negotiated(CommandContext& context, bson::Builder& reply);

}  // namespace plumb::commands
