// SPDX-License-Identifier: GPL-3.0-or-later
// What the workload asks of a collection, as far as an index could begin to serve it. For this
// folder.
//
// Threads  pure functions; views point into the workload.
#pragma once

#include "bson/document.h"
#include "project/index_definition.h"
#include "tool/workload/workload.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::migrate::lint {

// One selection of documents: a filter, an arm of an $or in it, a $lookup, or a sort of everything.
struct Asked {
    const workload::Query* query = nullptr;
    std::set<std::string, std::less<>> fields;  // with a condition; any of them can begin a scan
    std::string sort_first;                     // if there is no condition at all
    bson::Document filter;                      // empty for a $lookup
};

[[nodiscard]] std::vector<Asked> asked_of(const workload::Workload& workload,
                                          std::string_view collection);

// True if a scan of this index can find the documents without reading the collection.
[[nodiscard]] bool can_serve(const project::IndexDefinition& index, const Asked& asked);

}  // namespace plumb::migrate::lint
