// SPDX-License-Identifier: GPL-3.0-or-later
// For tests: a service that is slower than it is, by known amounts for each document examined, each
// key examined and each round trip. It stands in for a server of other costs when forecasts for
// such a server are checked. Without these options the daemon has no such layer at all.
//
//   const auto service = slowed(Service::create(…), {.document_ns = 20'000});
//
// Commands that run side by side each wait for what all of them examined.
//
// Threads  as the service it stands before.
#pragma once

#include "base/clock.h"
#include "engine/commands/service.h"

#include <cstdint>
#include <memory>

namespace plumb::daemon {

struct SlowedBy {
    std::int64_t document_ns = 0;
    std::int64_t key_ns = 0;
    std::int64_t round_trip_ns = 0;

    [[nodiscard]] bool any() const { return document_ns != 0 || key_ns != 0 || round_trip_ns != 0; }
};

// `service` itself if there is nothing to slow down. `clock` outlives what is returned.
[[nodiscard]] std::unique_ptr<commands::Service> slowed(std::unique_ptr<commands::Service> service,
                                                        SlowedBy by,
                                                        const Clock& clock);

}  // namespace plumb::daemon
