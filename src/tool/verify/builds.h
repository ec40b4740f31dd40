// SPDX-License-Identifier: GPL-3.0-or-later
// Index builds that the server is at work on: an index that is listed may not be ready yet.
//
// Source   MongoDB manual, "currentOp"
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "client/client.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::verify {

struct Build {
    std::string collection;
    std::string index;  // its name
    int percent = -1;   // of the stage it is in; -1: not told
};

// From a reply of currentOp, of this database's collections only.
[[nodiscard]] std::vector<Build> builds_in(bson::View current_op, std::string_view database);

// errors  Unauthorized …: a user may not be allowed to ask
[[nodiscard]] Result<std::vector<Build>> read_builds(client::Client& client,
                                                     std::string_view database);

}  // namespace plumb::verify
