// SPDX-License-Identifier: GPL-3.0-or-later
// What the server says of itself: version, CPU used, sizes and uses of indexes.
//
// Threads  as the client.
#pragma once

#include "base/result.h"
#include "client/client.h"
#include "tool/bench/recording.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::bench {

// CPU time of the server process so far, user and system, in nanoseconds; nothing if it does not
// say.
[[nodiscard]] std::optional<double> server_cpu_ns(client::Client& client);

// Counters of the server since its start; below 0 where it does not say.
struct ServerFigures {
    double cpu_ns = -1;
    double bytes_sent = -1;
    double bytes_received = -1;
    double cache_bytes = -1;
    double cache_bytes_limit = -1;
    double cache_read_bytes = -1;
    double resident_bytes_max = -1;
};
[[nodiscard]] ServerFigures server_figures(client::Client& client);

// Server, address, database, machine, time and seed of a run that begins now.
[[nodiscard]] Environment environment_of(client::Client& client,
                                         const std::string& database,
                                         std::uint64_t seed);

// Memory as the server tells it now.
[[nodiscard]] Resources read_resources(client::Client& client);

// "plumbd 0.1.0 (as MongoDB 4.2.0)" or "MongoDB 4.2.0".
[[nodiscard]] std::string server_name(client::Client& client);

// Sizes, indexes and their uses of each collection of the database, by name.
//   errors  what the server says
[[nodiscard]] Result<std::vector<CollectionInfo>> read_collections(client::Client& client,
                                                                   std::string_view database);

// "Intel …, 2 cores": the machine this program runs on.
[[nodiscard]] std::string machine_name();

}  // namespace plumb::bench
