// SPDX-License-Identifier: GPL-3.0-or-later
// The name of a logical session: the 16 bytes of its UUID.
//
//   PLUMB_TRY(id, session_id(generic.session));   // {id: UUID("…")}
//
// Source   MongoDB driver sessions specification, "Server Session ID"
// Threads  pure functions.
#pragma once

#include "base/result.h"
#include "bson/builder.h"
#include "bson/document.h"

#include <string>
#include <string_view>

namespace plumb::commands {

inline constexpr std::int32_t kSessionMinutes = 30;

// The UUID's bytes of `{id: UUID}`. errors: 40414 without id; TypeMismatch; 207 for another length
[[nodiscard]] Result<std::string> session_id(bson::View session);

// A new random one.
[[nodiscard]] std::string random_session_id();

// {<name>: {id: UUID}}
void append_session_id(bson::Builder& out, std::string_view name, std::string_view id);

// "d3b07384-d113-4956-a5cc-8b1b7a4a9d1c", for messages.
[[nodiscard]] std::string session_id_text(std::string_view id);

}  // namespace plumb::commands
