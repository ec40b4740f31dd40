// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/replica_set.h"

#include "engine/commands/service_state.h"
#include "engine/commands/session_registry.h"

#include <fmt/format.h>

namespace plumb::commands {

bool is_replica_set(const ServiceState& service) {
    return !service.options.replica_set.empty();
}

std::string member_address(const ServiceState& service) {
    const std::string& host =
        service.options.replica_host.empty() ? service.host : service.options.replica_host;
    return fmt::format("{}:{}", host, service.options.port);
}

bson::ObjectId election_id() {
    bson::ObjectId id;
    id.bytes = {0x7F, 0xFF, 0xFF, 0xFF};
    id.bytes.back() = static_cast<std::uint8_t>(kElectionTerm);
    return id;
}

void append_optime(const ServiceState& service, std::string_view name, bson::Builder& out) {
    out.begin_document(name);
    out.append("ts", service.sessions->cluster_time().last_write());
    out.append("t", kElectionTerm);
    out.end();
}

void append_last_write(const ServiceState& service, bson::Builder& out) {
    constexpr std::int64_t kMillisecondsPerSecond = 1000;
    const bson::Date date{service.sessions->cluster_time().last_write().seconds *
                          kMillisecondsPerSecond};
    out.begin_document("lastWrite");
    append_optime(service, "opTime", out);
    out.append("lastWriteDate", date);
    append_optime(service, "majorityOpTime", out);
    out.append("majorityWriteDate", date);
    out.end();
}

void append_member(const ServiceState& service,
                   std::string_view primary_field,
                   bson::Builder& out) {
    const std::string address = member_address(service);
    out.begin_array("hosts");
    out.push(address);
    out.end();
    out.append("setName", service.options.replica_set);
    out.append("setVersion", kConfigVersion);
    out.append(primary_field, true);
    out.append("secondary", false);
    out.append("primary", address);
    out.append("me", address);
    out.append("electionId", election_id());
    append_last_write(service, out);
}

Status need_replica_set(const ServiceState& service) {
    if (!is_replica_set(service)) {
        return fail(ErrorCode::NoReplicationEnabled, "not running with --replSet");
    }
    return {};
}

}  // namespace plumb::commands
