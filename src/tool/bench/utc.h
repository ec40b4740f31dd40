// SPDX-License-Identifier: GPL-3.0-or-later
// Instants as ISO 8601 text in UTC: "2026-01-27T05:00:00Z".
//
// Threads  pure functions.
#pragma once

#include <cstdint>
#include <string>

namespace plumb::bench {

// Milliseconds since the Unix epoch, to the second.
[[nodiscard]] std::string utc_text(std::int64_t milliseconds);

// Now.
[[nodiscard]] std::string utc_now();

}  // namespace plumb::bench
