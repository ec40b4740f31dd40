// SPDX-License-Identifier: GPL-3.0-or-later
// The gate for CI: no declared query may read a large collection from end to end.
//
//   PLUMB_TRY(gate, check_queries(client, "shop", workload, {.floor = 1000}, interrupt));
//   gate.failed;    // some query scans, and nothing in the workload says that it may
//
// Each query is explained, not run, with several draws of its parameters, and so is the inner side
// of each $lookup. A scan of a collection below the floor is fine.
//
// Source   spec 03 "Verify and drift"
// Threads  one thread.
#pragma once

#include "base/interrupt.h"
#include "base/result.h"
#include "bson/document.h"
#include "client/client.h"
#include "tool/workload/workload.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::verify {

inline constexpr std::int64_t kScanFloor = 1000;  // documents

struct GateOptions {
    std::int64_t floor = kScanFloor;
    int draws = 3;  // of each query's parameters
};

enum class GateMark : std::uint8_t {
    NoScan,   // every plan uses an index
    Small,    // scans, and the collection is below the floor
    Allowed,  // scans, and the workload says why that is right
    Scans,    // scans a large collection
    Failed,   // the server refused to explain it, or nobody knows the form of its answer
};

// "no_scan", "small", "allowed", "scans", "failed"
[[nodiscard]] std::string_view gate_mark_name(GateMark mark);

// One collection that a query reads from end to end.
struct FoundScan {
    std::string collection;
    std::string shard;
    std::int64_t documents = 0;  // in the collection
    std::string statement;       // "find", "aggregate, inner side of its $lookup"
};

struct GateRow {
    std::string id;
    std::string title;
    GateMark mark = GateMark::NoScan;
    std::string reason;  // why it is allowed; what failed
    std::vector<FoundScan> scans;
    // Said to be allowed, and scans nothing above the floor: the permission may go.
    bool permission_unused = false;
};

struct Gate {
    std::vector<GateRow> rows;  // the workload's order
    std::int64_t floor = kScanFloor;
    bool failed = false;
};

// errors  what the server says to the draws of parameters; Interrupted
[[nodiscard]] Result<Gate> check_queries(client::Client& client,
                                         std::string_view database,
                                         const workload::Workload& workload,
                                         const GateOptions& options,
                                         Interrupt& interrupt);

// {queries: [{id, title, mark, reason, scans: [...]}], floor, failed}
[[nodiscard]] bson::Document to_document(const Gate& gate);

}  // namespace plumb::verify
