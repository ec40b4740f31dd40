// SPDX-License-Identifier: GPL-3.0-or-later
// The part of hello in which client and server agree on log-ins and compression.
#include "engine/commands/compressors.h"
#include "engine/commands/fields.h"
#include "engine/commands/log_in.h"
#include "engine/commands/namespace_name.h"
#include "engine/commands/service_state.h"
#include "engine/commands/user_catalog.h"

#include <algorithm>

namespace plumb::commands {

namespace {

// {saslSupportedMechs: "shop.ann"}. A user who is not there has both, as most users do.
void append_mechanisms_of(const UserCatalog& users, std::string_view id, bson::Builder& reply) {
    const auto user = users.find(database_of(id), collection_of(id));
    if (user != nullptr) {
        append_mechanisms(*user, reply, "saslSupportedMechs");
        return;
    }
    reply.begin_array("saslSupportedMechs");
    reply.push(auth::mechanism_name(auth::Hash::Sha1));
    reply.push(auth::mechanism_name(auth::Hash::Sha256));
    reply.end();
}

// The first step of a log-in, sent ahead. A client whose step fails logs in by saslStart.
void append_speculative(CommandContext& context, bson::View start, bson::Builder& reply) {
    const bool is_sasl = !start.empty() && start.front().name == "saslStart";
    const std::string_view database = string_or(start, "db", "");
    if (!is_sasl || !check_database_name(database).ok()) {
        return;
    }
    bson::Builder answer;
    const Status started = start_log_in(
        context, {.arguments = start, .database = database, .speculative = true}, answer);
    if (started.ok()) {
        reply.append("speculativeAuthenticate", answer.finish_view());
    }
}

// Those of the client's compressors that we have, in the client's order.
void append_compressors(bson::ArrayView offered, bson::Builder& reply) {
    reply.begin_array("compression");
    for (const bson::Element& each : offered) {
        const bool known =
            each.value.type() == bson::Type::String &&
            std::ranges::find(kCompressors, each.value.as_string(), &Compressor::name) !=
                kCompressors.end();
        if (known) {
            reply.push(each.value);
        }
    }
    reply.end();
}

}  // namespace

void append_negotiated(CommandContext& context, bson::Builder& reply) {
    if (const bson::ValueView offered = context.command.find("compression");
        offered.type() == bson::Type::Array) {
        append_compressors(offered.as_array(), reply);
    }
    if (const bson::ValueView user = context.command.find("saslSupportedMechs");
        user.type() == bson::Type::String) {
        append_mechanisms_of(*context.service.users, user.as_string(), reply);
    }
    if (const bson::ValueView start = context.command.find("speculativeAuthenticate");
        start.type() == bson::Type::Document) {
        append_speculative(context, start.as_document(), reply);
    }
}

}  // namespace plumb::commands
