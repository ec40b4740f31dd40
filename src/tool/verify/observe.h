// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that verify can see of a deployment: its indexes, those of each member or shard,
// builds at work, how often indexes are used, and what the server's validate says.
//
//   PLUMB_TRY(report, observe({client, url, "shop"}, strategy, options));
//
// What may not be looked at is no error: the report says so in `notes` and `not_asked`.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "client/client.h"
#include "project/strategy.h"
#include "tool/verify/report.h"
#include "tool/verify/verify.h"

#include <cstdint>
#include <string>
#include <vector>

namespace plumb::verify {

struct Deployment {
    client::Client& client;
    std::string url;  // with its password: to connect to members with
    std::string database;
};

struct ObserveOptions {
    Options compare;
    std::vector<std::string> member_urls;  // asked beside those that the deployment names
    bool usage = true;                     // read $indexStats of every member
    bool deep = false;                     // run validate on each collection that is declared
    std::int64_t now_ms = 0;
    int window_days = 30;                  // of a verdict on use
    std::vector<bson::Document> commands;  // of the workload, for hints
};

// errors  what the server says to listCollections and listIndexes
[[nodiscard]] Result<Report> observe(const Deployment& deployment,
                                     const project::Strategy& strategy,
                                     const ObserveOptions& options);

}  // namespace plumb::verify
