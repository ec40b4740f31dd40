// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of a sample, one file each.
//
// Threads  as the client.
#pragma once

#include "base/interrupt.h"
#include "base/result.h"
#include "client/client.h"
#include "tool/watch/series.h"

#include <cstdint>
#include <string>

namespace plumb::watch {

// Where the values of one member go.
struct Into {
    Catalogue& catalogue;
    Sample& sample;
    std::string member;
    std::int64_t own_reads =
        0;  // that the server counts as reads, as if they were the application's

    void gauge(std::string_view name, std::int64_t value, std::string_view subject = {}) const;
    void counter(std::string_view name, std::int64_t value, std::string_view subject = {}) const;
    void put(const SeriesInfo& info, std::int64_t value) const;
};

// serverStatus: CPU, operations, latencies, documents examined, cache, network.
//   returns the member's clock in ms since the epoch
//   errors  what the server says
[[nodiscard]] Result<std::int64_t> sample_server_status(client::Client& client, const Into& into);
// Sizes of collections and of their indexes. errors: what the server says
[[nodiscard]] Status sample_sizes(client::Client& client,
                                  const std::string& database,
                                  const Into& into);
// Uses of indexes. errors: Unauthorized …
[[nodiscard]] Status sample_uses(client::Client& client, const std::string& database, Into& into);
// What the profiler recorded in [from_ms, until_ms) of the member's clock, by shape.
[[nodiscard]] Status sample_profile(client::Client& client,
                                    const std::string& database,
                                    std::int64_t from_ms,
                                    std::int64_t until_ms,
                                    Into& into);
// How far each secondary is behind. errors: what the server says
[[nodiscard]] Status sample_replication(client::Client& client, const Into& into);

// Collections and shapes beyond these are not sampled one by one.
inline constexpr std::size_t kCollectionsMax = 200;
inline constexpr std::size_t kShapesMax = 400;
// Documents of system.profile read for one sample.
inline constexpr std::int64_t kProfileDocumentsMax = 5000;

}  // namespace plumb::watch
