// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/replica_set.h"
#include "engine/commands/service_state.h"

namespace plumb::commands {

namespace {

void append_the_member(const ServiceState& service, bson::Builder& reply) {
    reply.push_document();
    reply.append("_id", 0);
    reply.append("host", member_address(service));
    reply.append("arbiterOnly", false);
    reply.append("buildIndexes", true);
    reply.append("hidden", false);
    reply.append("priority", 1.0);
    reply.append("tags", bson::View{});
    reply.append("slaveDelay", std::int64_t{0});
    reply.append("votes", 1);
    reply.end();
}

void append_settings(bson::Builder& reply) {
    reply.begin_document("settings");
    reply.append("chainingAllowed", true);
    reply.append("heartbeatIntervalMillis", 2000);
    reply.append("heartbeatTimeoutSecs", 10);
    reply.append("electionTimeoutMillis", 10'000);
    reply.append("catchUpTimeoutMillis", -1);
    reply.append("catchUpTakeoverDelayMillis", 30'000);
    reply.append("getLastErrorModes", bson::View{});
    reply.begin_document("getLastErrorDefaults").append("w", 1).append("wtimeout", 0).end();
    reply.append("replicaSetId", election_id());
    reply.end();
}

}  // namespace

Status run_repl_set_get_config(CommandContext& context, bson::Builder& reply) {
    const ServiceState& service = context.service;
    PLUMB_CHECK(need_replica_set(service));
    reply.begin_document("config");
    reply.append("_id", service.options.replica_set);
    reply.append("version", kConfigVersion);
    reply.append("protocolVersion", std::int64_t{1});
    reply.append("writeConcernMajorityJournalDefault", true);
    reply.begin_array("members");
    append_the_member(service, reply);
    reply.end();
    append_settings(reply);
    reply.end();
    return {};
}

}  // namespace plumb::commands
