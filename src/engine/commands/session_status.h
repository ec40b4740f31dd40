// SPDX-License-Identifier: GPL-3.0-or-later
// Sections of serverStatus that tell of sessions, transactions and the replica set.
//
// Threads  from any thread.
#pragma once

#include "base/result.h"
#include "bson/builder.h"

namespace plumb::commands {

struct ServiceState;

// logicalSessionRecordCache
[[nodiscard]] Status append_session_status(const ServiceState& service, bson::Builder& reply);
// transactions
[[nodiscard]] Status append_transaction_status(const ServiceState& service, bson::Builder& reply);
// repl; empty for a standalone server
[[nodiscard]] Status append_repl_status(const ServiceState& service, bson::Builder& reply);

}  // namespace plumb::commands
