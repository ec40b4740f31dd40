// SPDX-License-Identifier: GPL-3.0-or-later
// The find command's arguments; find runs them, explain shows their plan.
//
// Threads  pure functions.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "engine/exec/find.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace plumb::commands {

struct FindCommand {
    exec::FindRequest request;
    std::optional<std::int64_t> batch_size;
    bool single_batch = false;
    bool no_cursor_timeout = false;
    bool await_data = false;  // an empty batch waits for documents
};

// errors  FailedToParse (9) for unknown fields and wrong types, as 4.2's hand-written parser
[[nodiscard]] Result<FindCommand> parse_find(std::string_view database, bson::View command);

}  // namespace plumb::commands
