// SPDX-License-Identifier: GPL-3.0-or-later
// Who a client is, as the profiler and currentOp name it.
//
// Threads  the client's own; metadata does not change after its first hello.
#pragma once

#include "bson/builder.h"
#include "bson/document.h"
#include "engine/commands/service.h"

#include <string_view>

namespace plumb::commands {

// "127.0.0.1" of "127.0.0.1:50212".
[[nodiscard]] std::string_view host_of(std::string_view remote_address);
// What the application calls itself; empty if it did not say.
[[nodiscard]] std::string_view application_name(bson::View metadata);

// {user: "ann", db: "shop"} for each of "ann@shop,bob@admin", into an array.
void append_users(std::string_view owners, bson::Builder& out);

// The last fields of a profiler entry: client, appName if there is one, allUsers, user.
void append_client_names(const ClientState& client, bson::Builder& out);

}  // namespace plumb::commands
