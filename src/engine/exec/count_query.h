// SPDX-License-Identifier: GPL-3.0-or-later
// What count and its explain share.
//
// Threads  pure functions.
#pragma once

#include "engine/exec/prepared_query.h"

#include <cstdint>
#include <optional>

namespace plumb::exec {

// Which of the matches are counted: those behind the first `skip`, at most `limit`.
struct CountWindow {
    std::int64_t skip = 0;
    std::optional<std::int64_t> limit;
};
[[nodiscard]] CountWindow count_window(const FindRequest& request);

// How many of `all` matches lie in the window.
[[nodiscard]] std::int64_t within(const CountWindow& window, std::int64_t all);

// The query as the planner has it: without order, projection and window.
[[nodiscard]] plan::QueryRequest count_request(const PreparedQuery& query);

// True if the number of the collection's documents is the answer.
[[nodiscard]] bool counts_everything(const FindRequest& request);

}  // namespace plumb::exec
