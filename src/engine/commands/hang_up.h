// SPDX-License-Identifier: GPL-3.0-or-later
// What becomes of operations whose client has hung up: nobody waits for what they read, so reads,
// checks and index builds stop. Writes go on, as a client that sends one and closes its connection
// means it; each is one transaction or a batch that may be cut between its statements only.
//
// Source   MongoDB 4.2 release notes, "Client disconnection"
// Threads  from any thread.
#pragma once

#include <cstdint>

namespace plumb::commands {

struct ServiceState;

void interrupt_for_hang_up(ServiceState& state, std::int64_t connection_id);

}  // namespace plumb::commands
