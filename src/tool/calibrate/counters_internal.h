// SPDX-License-Identifier: GPL-3.0-or-later
// What a server has counted of its own operations. For probe.cpp.
//
// Threads  as the client.
#pragma once

#include "client/client.h"
#include "tool/calibrate/costs.h"

#include <string_view>

namespace plumb::calibrate {

// Fills in the latencies of serverStatus and a few entries of the profiler; leaves unknown what the
// server does not say or the user may not ask.
void read_counters(client::Client& client, std::string_view database, Costs& out);

}  // namespace plumb::calibrate
