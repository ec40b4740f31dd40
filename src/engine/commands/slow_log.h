// SPDX-License-Identifier: GPL-3.0-or-later
// "Slow query" lines in the log, as MongoDB 4.4 writes them, so that any analyser of such logs
// reads ours.
//
// Threads  from any thread.
#pragma once

#include "engine/commands/finished_operation.h"
#include "engine/commands/service_state.h"

namespace plumb::commands {

// Writes the line, whatever the operation took.
void log_slow(ServiceState& service, const FinishedOperation& operation);

}  // namespace plumb::commands
