// SPDX-License-Identifier: GPL-3.0-or-later
// What happens when an operation has ended: top counts it, the log has a line if it was slow, the
// profiler an entry if its database wants one.
//
// Threads  from any thread.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "engine/commands/command.h"
#include "engine/commands/finished_operation.h"
#include "engine/commands/service_state.h"

#include <chrono>
#include <string_view>

namespace plumb::commands {

// Makes the parts of the state that watch operations. Called once, by the service.
void make_observers(ServiceState& service);

// Whether an operation on this database should keep its plan's tree for the profiler.
[[nodiscard]] bool wants_plan_tree(const ServiceState& service, std::string_view database);

// A command has ended.
void command_ended(ServiceState& service,
                   const CommandRow& row,
                   const CommandContext& context,
                   const Result<bson::Document>& outcome,
                   std::chrono::microseconds duration);

// A statement of an update or delete has ended; called before the next one begins.
//   kind  "update" or "remove"
struct StatementEnd {
    exec::OperationStatistics statistics;  // the statement's own
    std::chrono::microseconds duration{0};
    const Error* error = nullptr;  // not owned; null: it worked
};
void statement_ended(const CommandContext& context,
                     std::string_view kind,
                     bson::View statement,
                     const StatementEnd& end);

// Whether statement_ended() would do anything: it costs nothing to ask.
[[nodiscard]] bool is_of_interest(const ServiceState& service,
                                  std::string_view database,
                                  std::chrono::microseconds duration);

}  // namespace plumb::commands
