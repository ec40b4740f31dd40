// SPDX-License-Identifier: GPL-3.0-or-later
// One command as an application's driver would send it: a cursor is read to its end.
//
// Threads  as the client.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "client/client.h"

#include <cstdint>
#include <string_view>

namespace plumb::bench {

// Sends the command and, if its reply holds a cursor, all getMores. Returns how many documents came
// back (1 for a command without a cursor).
[[nodiscard]] Result<std::int64_t> call(client::Client& client,
                                        std::string_view database,
                                        bson::View command);

}  // namespace plumb::bench
