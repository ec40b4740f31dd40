// SPDX-License-Identifier: GPL-3.0-or-later
// What a server's operations cost, as a handful of figures, and what a query costs by them.
//
//   const Span t = time_of(costs, {.round_trips = 1, .docs_scanned = 120'000});   // in nanoseconds
//
// Threads  value types, pure functions.
#pragma once

#include "bson/document.h"

#include <cstdint>
#include <string>

namespace plumb::calibrate {

// A figure in nanoseconds and its spread: the tenth and the ninetieth of a hundred measurements.
struct Span {
    double value = 0;
    double low = 0;
    double high = 0;
};

struct Costs {
    std::string server;      // its url without a password
    std::string collection;  // that was read; empty: none had enough documents
    std::int64_t documents_read = 0;
    Span round_trip;         // a ping
    Span statement;          // of a query over a ping, before it looks at anything
    Span document_scanned;   // by a collection scan
    Span key_read;           // of an index
    Span document_fetched;   // by its record id, in the order of an index
    Span document_returned;  // in a reply, without its bytes
    Span byte_returned;
    // What the server says of itself; below 0: it does not.
    double read_latency_ns = -1;  // mean of all reads so far
    double write_latency_ns = -1;
    std::int64_t profiled = -1;  // entries of its profiler that were looked at
    double profiled_median_ns = -1;

    // False if there was no collection to read from: only the round trip is known then.
    [[nodiscard]] bool complete() const { return !collection.empty(); }
};

// What one call makes a server do.
struct Work {
    double round_trips = 1;
    double docs_scanned = 0;
    double keys_read = 0;
    double docs_fetched = 0;
    double docs_returned = 0;
    double bytes_returned = 0;
};

// requires costs.complete()
[[nodiscard]] Span time_of(const Costs& costs, const Work& work);

[[nodiscard]] bson::Document to_document(const Costs& costs);

}  // namespace plumb::calibrate
