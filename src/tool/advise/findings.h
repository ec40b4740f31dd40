// SPDX-License-Identifier: GPL-3.0-or-later
// What an honest look at a workload and its indexes finds: one small function a code, one row in
// the table, each found from the sample and the advice alone.
//
// Threads  pure functions.
#pragma once

#include "tool/advise/advice.h"
#include "tool/advise/query_model.h"

#include <span>
#include <string_view>
#include <vector>

namespace plumb::advise {

// All that a finding may look at: one collection.
struct FindingContext {
    const CollectionSample& sample;
    const std::vector<QueryModel>& models;
    const Advice& advice;  // indexes and queries of this collection are in it
};

struct FindingRow {
    std::string_view code;
    std::string_view about;  // one line for `--list-findings` and the documentation
    void (*find)(const FindingContext& context, std::vector<Finding>& out);
};

// Sorted by code.
[[nodiscard]] std::span<const FindingRow> finding_table();

void find_in_collection(const FindingContext& context, std::vector<Finding>& out);

}  // namespace plumb::advise
