// SPDX-License-Identifier: GPL-3.0-or-later
// The indexes of a database against those of strategy.yaml.
//
//   PLUMB_TRY(found, read_indexes(client, "earlybird", strategy));
//   Report report = compare(strategy, found, options);   // report.drift: something differs
//
// Members, shards, builds and use are looked at by tool/verify/observe.h.
//
// Source   spec 03 "Verify and drift"
// Threads  read_indexes one thread; compare is a pure function.
#pragma once

#include "base/result.h"
#include "client/client.h"
#include "project/strategy.h"
#include "tool/index_facts/redundancy.h"
#include "tool/verify/report.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::verify {

struct Options {
    int priority = 1;  // declared indexes up to this one are looked for
    bool extra_is_drift = true;
    // By collection, for the notes on redundant indexes; `wanted` is filled in by the strategy.
    std::map<std::string, index_facts::CollectionUse> use = {};
};

using FoundIndexes = std::map<std::string, std::vector<project::IndexDefinition>>;

// The indexes of all collections of the database and of the strategy; not those of system
// collections and of Plumbline's own.
[[nodiscard]] Result<FoundIndexes> read_indexes(client::Client& client,
                                                std::string_view database,
                                                const project::Strategy& strategy);

[[nodiscard]] Report compare(const project::Strategy& strategy,
                             const FoundIndexes& found,
                             const Options& options);

}  // namespace plumb::verify
