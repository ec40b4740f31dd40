// SPDX-License-Identifier: GPL-3.0-or-later
// hello, isMaster and ismaster: what a driver asks first and then every few seconds.
#include "base/limits.h"
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"
#include "engine/commands/log_in.h"
#include "engine/commands/replica_set.h"
#include "engine/commands/service_state.h"
#include "engine/commands/session_id.h"

namespace plumb::commands {

namespace {

constexpr std::int32_t kWireVersionMin = 0;
constexpr std::uint32_t kMetadataBytesMax = 512;  // drivers leave out what does not fit
constexpr ErrorCode kMetadataTooLarge{183};
constexpr std::int32_t kWireVersionMax = 8;  // MongoDB 4.2

// Without --replSet no setName and no hosts: drivers take a standalone server from it, and so do
// not retry writes or begin transactions.
Status reply_hello(CommandContext& context, std::string_view primary_field, bson::Builder& reply) {
    if (const bson::ValueView client = context.command.find("client");
        client.type() == bson::Type::Document && context.client.metadata.empty()) {
        if (client.as_document().byte_size() > kMetadataBytesMax) {
            return fail(kMetadataTooLarge,
                        "The client metadata document must be less then or equal to 512 bytes");
        }
        context.client.metadata = bson::Document{client.as_document()};
    }
    context.service.operations.remember(context.client);
    if (bool_or(context.command, "helloOk", false)) {
        reply.append("helloOk", true);
    }
    if (is_replica_set(context.service)) {
        append_member(context.service, primary_field, reply);
    } else {
        reply.append(primary_field, true);
    }
    reply.append("maxBsonObjectSize", kDocumentBytesMax);
    reply.append("maxMessageSizeBytes", kMessageBytesMax);
    reply.append("maxWriteBatchSize", kWriteBatchMax);
    reply.append("localTime", bson::Date{context.service.clock.now().count()});
    reply.append("logicalSessionTimeoutMinutes", kSessionMinutes);
    reply.append("connectionId", static_cast<std::int32_t>(context.client.connection_id));
    reply.append("minWireVersion", kWireVersionMin);
    reply.append("maxWireVersion", kWireVersionMax);
    reply.append("readOnly", false);
    append_negotiated(context, reply);
    return {};
}

}  // namespace

Status run_is_master(CommandContext& context, bson::Builder& reply) {
    return reply_hello(context, "ismaster", reply);
}

Status run_hello(CommandContext& context, bson::Builder& reply) {
    return reply_hello(context, "isWritablePrimary", reply);
}

}  // namespace plumb::commands
