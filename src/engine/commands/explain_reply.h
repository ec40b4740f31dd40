// SPDX-License-Identifier: GPL-3.0-or-later
// The end of an explain reply.
//
// Threads  any.
#pragma once

#include "bson/builder.h"
#include "bson/document.h"
#include "engine/commands/service_state.h"

namespace plumb::commands {

// What exec explained, and serverInfo where MongoDB has it: not behind a list of stages.
void append_explained(const ServiceState& service, bson::View explained, bson::Builder& reply);

}  // namespace plumb::commands
