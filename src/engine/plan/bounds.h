// SPDX-License-Identifier: GPL-3.0-or-later
// What part of an index a scan reads: for each field of the key a list of intervals.
//
// Threads  value types.
#pragma once

#include <string>
#include <vector>

#include "bson/builder.h"
#include "bson/index_key.h"
#include "bson/value.h"

namespace plumb::plan {

// Values from `low` to `high` in the direction of the scan (for a descending scan low > high).
struct Interval {
    bson::Value low;
    bson::Value high;
    bool low_inclusive = true;
    bool high_inclusive = true;

    [[nodiscard]] bool is_point() const;
};

// The intervals of one field: apart, not empty, in scan order.
struct FieldBounds {
    std::string name;
    std::vector<Interval> intervals;
};

struct IndexBounds {
    std::vector<FieldBounds> fields;  // one for each field of the key

    // {user_id: ["[\"usr_1\", \"usr_1\"]"], delivery_date: ["[MinKey, MaxKey]"]}, as explain has it.
    void append_to(bson::Builder& out, std::string_view name) const;
};

}  // namespace plumb::plan
