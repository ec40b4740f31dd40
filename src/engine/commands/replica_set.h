// SPDX-License-Identifier: GPL-3.0-or-later
// What the one-member replica set of --replSet says of itself, for hello, replSetGetStatus,
// replSetGetConfig and serverStatus.
//
// Threads  pure functions of the service's options and clocks.
#pragma once

#include "base/result.h"
#include "bson/builder.h"
#include "bson/object_id.h"
#include "engine/commands/command.h"

#include <string>
#include <string_view>

namespace plumb::commands {

inline constexpr std::int32_t kConfigVersion = 1;
inline constexpr std::int64_t kElectionTerm = 1;

[[nodiscard]] bool is_replica_set(const ServiceState& service);
// "127.0.0.1:27017", as clients reach it.
[[nodiscard]] std::string member_address(const ServiceState& service);
// As MongoDB makes it of the term: 7fffffff and the term.
[[nodiscard]] bson::ObjectId election_id();

// {<name>: {ts, t}} of the last write.
void append_optime(const ServiceState& service, std::string_view name, bson::Builder& out);
// lastWrite of hello and serverStatus.repl.
void append_last_write(const ServiceState& service, bson::Builder& out);
// setName … electionId of hello and serverStatus.repl.
//   primary_field  "ismaster" or "isWritablePrimary"
void append_member(const ServiceState& service, std::string_view primary_field, bson::Builder& out);

// errors  NoReplicationEnabled (76) without --replSet
[[nodiscard]] Status need_replica_set(const ServiceState& service);

}  // namespace plumb::commands
