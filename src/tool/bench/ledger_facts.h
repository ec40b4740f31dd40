// SPDX-License-Identifier: GPL-3.0-or-later
// What the migration ledger of the database tells a measurement: how long indexes took to build and
// how long ways back took. Reads it as a reader who need not understand all of it.
//
// Format   docs/formats/ledger.md, version 1
// Threads  as the client.
#pragma once

#include "client/client.h"
#include "tool/bench/recording.h"

#include <string_view>

namespace plumb::bench {

// Fills in `build_ms` of the recording's indexes (those that one operation built together share its
// time) and `rollbacks`, the last one of each migration. No ledger, or none that can be read: none.
void read_ledger(client::Client& client, std::string_view database, Recording& recording);

}  // namespace plumb::bench
