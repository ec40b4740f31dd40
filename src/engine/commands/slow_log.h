// SPDX-License-Identifier: GPL-3.0-or-later
// "Slow query" lines in the log, as MongoDB 4.4 writes them, so that any analyser of such logs
// reads ours.
//
// Threads  from any thread.
#pragma once

#include "bson/document.h"
#include "engine/commands/service_state.h"
#include "engine/exec/operation.h"

#include <chrono>
#include <cstdint>
#include <string_view>

namespace plumb::commands {

struct SlowOperation {
    std::string_view type;  // "command", "update", "remove"
    std::string_view ns;
    bson::View command;  // as it is to be shown
    std::int64_t connection_id = 0;
    const exec::OperationStatistics& statistics;
    std::chrono::microseconds duration{0};
    std::int64_t reply_bytes = 0;  // 0: not shown
    const Error* error = nullptr;  // not owned
};

// Writes the line if the operation took at least the limit.
void log_if_slow(ServiceState& service, const SlowOperation& operation);

// A command as logs and currentOp may show it: without the documents and statements of writes, and
// with large values cut.
[[nodiscard]] bson::Document shown_command(bson::View command);

}  // namespace plumb::commands
