// SPDX-License-Identifier: GPL-3.0-or-later
// What an honest look at a workload and its indexes finds: one small file a code, one row in the
// table, each found from the sample, the advice and what the server says, never from a list of
// known answers.
//
//   find_in_collection({sample, models, advice}, advice.findings);        // from the sample alone
//   PLUMB_CHECK(find_further({*client, "shop", declared, members, interrupt}, advice));
//
// Threads  one thread; the first is a pure function.
#pragma once

#include "base/interrupt.h"
#include "base/result.h"
#include "client/client.h"
#include "project/index_definition.h"
#include "tool/advise/advice.h"
#include "tool/advise/query_model.h"
#include "tool/index_facts/members.h"
#include "tool/index_facts/redundancy.h"
#include "tool/index_facts/usage.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::advise {

// All that a finding may look at: one collection.
struct FindingContext {
    const CollectionSample& sample;
    const std::vector<QueryModel>& models;
    const Advice& advice;  // indexes and queries of this collection are in it
};

// What the later findings ask. All outlive the call.
struct FurtherLook {
    client::Client& client;
    const std::string& database;
    // The indexes that strategy.yaml wants, by collection.
    const std::map<std::string, std::vector<project::IndexDefinition>>& declared;
    index_facts::Members& members;  // whose counters say what is used
    Interrupt& interrupt;
    index_facts::UsageRules usage{};
};

// One collection for those that need the server or the strategy.
struct FurtherContext {
    const FurtherLook& look;
    const CollectionSample& sample;
    const Advice& advice;
    std::vector<project::IndexDefinition> there;    // as `sample.indexes`
    std::vector<project::IndexDefinition> missing;  // declared and not there
    index_facts::CollectionUse use;                 // shard key, hints of the workload
    std::int64_t cache_bytes = -1;                  // of the server; -1: not known
};

struct FindingRow {
    std::string_view code;
    std::string_view about;  // one line for documentation
    // From the sample and the advice; null if there is nothing to find that way.
    void (*find)(const FindingContext& context, std::vector<Finding>& out);
    // From the server or the strategy; null likewise. Both null: it comes from a proof (prove.h).
    Status (*further)(const FurtherContext& context, std::vector<Finding>& out);
};

// Sorted by code.
[[nodiscard]] std::span<const FindingRow> finding_table();

void find_in_collection(const FindingContext& context, std::vector<Finding>& out);

// Appends what the rows with `further` find, for the collections of the advice and of the strategy.
// Only reads.
//   errors  Interrupted; what the server says
[[nodiscard]] Status find_further(const FurtherLook& look, Advice& advice);

}  // namespace plumb::advise
