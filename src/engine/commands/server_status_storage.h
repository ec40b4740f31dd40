// SPDX-License-Identifier: GPL-3.0-or-later
// Sections of serverStatus that tell of locks, storage and what MongoDB counts of replication.
//
// Threads  from any thread.
#pragma once

#include "base/result.h"
#include "bson/builder.h"

namespace plumb::commands {

struct ServiceState;

// flowControl: there is none, and this says so.
[[nodiscard]] Status append_flow_control(const ServiceState& service, bson::Builder& reply);
// globalLock: who waits for a change of a collection, and what runs.
[[nodiscard]] Status append_global_lock(const ServiceState& service, bson::Builder& reply);
// locks: how often collections were read and written.
[[nodiscard]] Status append_locks_status(const ServiceState& service, bson::Builder& reply);
// opcountersRepl: nothing is replicated.
[[nodiscard]] Status append_replicated_counters(const ServiceState& service, bson::Builder& reply);
// trafficRecording
[[nodiscard]] Status append_traffic_recording(const ServiceState& service, bson::Builder& reply);
// wiredTiger: its own statistics by group, and how many operations run.
[[nodiscard]] Status append_wired_tiger(const ServiceState& service, bson::Builder& reply);

}  // namespace plumb::commands
