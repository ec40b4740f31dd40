// SPDX-License-Identifier: GPL-3.0-or-later
// The running operations as documents, for currentOp and $currentOp.
//
// Threads  from any thread.
#pragma once

#include "bson/document.h"
#include "engine/commands/service_state.h"

#include <vector>

namespace plumb::commands {

struct CurrentOpOptions {
    bool own_only = false;  // operations of this connection
    std::int64_t connection_id = 0;
    bool idle_connections = false;
    bool idle_cursors = false;
};

[[nodiscard]] std::vector<bson::Document> current_operations(const ServiceState& service,
                                                             const CurrentOpOptions& options);

// The options of a $currentOp stage, which were checked: {idleConnections, idleCursors}.
[[nodiscard]] CurrentOpOptions stage_options(bson::View options);

}  // namespace plumb::commands
