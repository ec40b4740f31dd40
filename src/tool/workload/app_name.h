// SPDX-License-Identifier: GPL-3.0-or-later
// The names that our connections give the server, which profiler and log repeat with every
// operation: so that what Plumbline reads for itself (samples, what a measurement puts back) is not
// taken for the application's workload, and what it sends in the application's place is.
//
//   client::Client::connect({.url = url, .app_name = std::string{workload::kWorkloadAppName}});
//
// Threads  constants.
#pragma once

#include <string_view>

namespace plumb::workload {

// ConnectOptions' default: the tool's own reads and writes.
inline constexpr std::string_view kOwnAppName = "plumbline";
// A connection that sends the workload's commands, and nothing else.
inline constexpr std::string_view kWorkloadAppName = "plumbline workload";

}  // namespace plumb::workload
