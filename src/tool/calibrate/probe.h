// SPDX-License-Identifier: GPL-3.0-or-later
// A harmless look at what a server's operations cost: pings, reads of single documents by _id, one
// scan and one index scan that end after a number of documents and after a time, and what the
// server counts itself. Nothing is written.
//
//   PLUMB_TRY(costs, probe(client, "shop", {}, interrupt));
//
// The per-document figures come from the difference between a short and a long read of the same
// kind, so that what each call costs anyway drops out.
//
// Source   spec 03 "Calibration"
// Threads  as the client.
#pragma once

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/result.h"
#include "client/client.h"
#include "tool/calibrate/costs.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace plumb::calibrate {

struct ProbeOptions {
    std::string collection;                      // to read from; empty: the one with most documents
    int rounds = 9;                              // of each measurement
    std::int64_t documents_max = 20'000;         // of one scan
    std::chrono::milliseconds time_limit{2000};  // of one read, kept by the server (maxTimeMS)
    std::chrono::milliseconds time_wanted{8};    // a long read takes at least, if it may
};

// Collections with fewer documents say nothing.
inline constexpr std::int64_t kDocumentsMin = 200;

// errors  what the server says; Interrupted. A database without a large enough collection is no
//         error: the result has the round trip only.
[[nodiscard]] Result<Costs> probe(client::Client& client,
                                  std::string_view database,
                                  const ProbeOptions& options,
                                  const Clock& clock,
                                  Interrupt& interrupt);

}  // namespace plumb::calibrate
