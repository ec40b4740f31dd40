// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/replica_set.h"
#include "engine/commands/service_state.h"
#include "engine/commands/session_registry.h"

#include <chrono>

namespace plumb::commands {

namespace {

constexpr std::int32_t kPrimary = 1;
constexpr std::int64_t kHeartbeatMs = 2000;

void append_optimes(const ServiceState& service, bson::Builder& reply) {
    reply.begin_document("optimes");
    append_optime(service, "lastCommittedOpTime", reply);
    append_optime(service, "readConcernMajorityOpTime", reply);
    append_optime(service, "appliedOpTime", reply);
    append_optime(service, "durableOpTime", reply);
    reply.end();
}

void append_the_member(const ServiceState& service, bson::Builder& reply) {
    const auto started = std::chrono::duration_cast<std::chrono::seconds>(service.started_at);
    const auto up = std::chrono::duration_cast<std::chrono::seconds>(service.clock.monotonic() -
                                                                     service.started_monotonic);
    reply.push_document();
    reply.append("_id", 0);
    reply.append("name", member_address(service));
    reply.append("health", 1.0);
    reply.append("state", kPrimary);
    reply.append("stateStr", "PRIMARY");
    reply.append("uptime", static_cast<std::int32_t>(up.count()));
    append_optime(service, "optime", reply);
    const std::int64_t seconds = service.sessions->cluster_time().last_write().seconds;
    reply.append("optimeDate", bson::Date{seconds * 1000});
    reply.append("syncingTo", "");
    reply.append("syncSourceHost", "");
    reply.append("syncSourceId", -1);
    reply.append("infoMessage", "");
    reply.append("electionTime", bson::Timestamp{static_cast<std::uint32_t>(started.count()), 1});
    reply.append("electionDate", bson::Date{service.started_at.count()});
    reply.append("configVersion", kConfigVersion);
    reply.append("self", true);
    reply.append("lastHeartbeatMessage", "");
    reply.end();
}

}  // namespace

Status run_repl_set_get_status(CommandContext& context, bson::Builder& reply) {
    const ServiceState& service = context.service;
    PLUMB_CHECK(need_replica_set(service));
    reply.append("set", service.options.replica_set);
    reply.append("date", bson::Date{service.clock.now().count()});
    reply.append("myState", kPrimary);
    reply.append("term", kElectionTerm);
    reply.append("syncingTo", "");
    reply.append("syncSourceHost", "");
    reply.append("syncSourceId", -1);
    reply.append("heartbeatIntervalMillis", kHeartbeatMs);
    reply.append("majorityVoteCount", 1);
    reply.append("writeMajorityCount", 1);
    append_optimes(service, reply);
    reply.begin_array("members");
    append_the_member(service, reply);
    reply.end();
    return {};
}

}  // namespace plumb::commands
