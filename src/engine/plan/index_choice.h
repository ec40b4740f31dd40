// SPDX-License-Identifier: GPL-3.0-or-later
// Which indexes a query may use at all: not hidden ones, only the hinted one, partial ones under
// their filter.
//
// Threads  one thread; keeps the parsed filters of partial indexes alive.
#pragma once

#include "base/result.h"
#include "engine/plan/access.h"
#include "engine/plan/planner.h"
#include "engine/query/matcher.h"

#include <memory>
#include <vector>

namespace plumb::plan {

struct IndexChoice {
    std::vector<UsableIndex> usable;
    IndexPtr hinted;                                             // null: no hint of an index
    std::optional<storage::Direction> natural;                   // {$natural: …} as hint or sort
    std::vector<std::shared_ptr<const query::Matcher>> filters;  // what `usable` points into
};

// errors  BadValue (2) for a hint that names no index
[[nodiscard]] Result<IndexChoice> choose_indexes(const QueryRequest& request,
                                                 const storage::CollectionState& collection);

}  // namespace plumb::plan
