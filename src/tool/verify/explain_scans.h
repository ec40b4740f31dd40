// SPDX-License-Identifier: GPL-3.0-or-later
// Which collections a plan reads from end to end, in every form that explain has: standalone,
// replica set, each shard of a cluster, stages of a pipeline, the slot-based engine.
//
//   scans_in(reply);   // {{"shop.orders", "shard1"}}
//
// Only the winning plan counts. What looks like a scan and is none (COUNT from the collection's
// number of documents, COUNT_SCAN and covered plans, IDHACK and EXPRESS, a clustered index) does
// not.
//
// Source   MongoDB manual, "Explain Results"
// Threads  pure functions.
#pragma once

#include "bson/document.h"

#include <string>
#include <vector>

namespace plumb::verify {

struct Scan {
    std::string collection;  // without the database; empty if the reply does not say
    std::string shard;       // empty where there are none
    bool operator==(const Scan&) const = default;
};

// Each collection and shard once, in the order of the reply.
[[nodiscard]] std::vector<Scan> scans_in(bson::View explain_reply);

// True if the reply holds a plan at all; a form that nobody knows is not "no scan".
[[nodiscard]] bool has_plan(bson::View explain_reply);

}  // namespace plumb::verify
