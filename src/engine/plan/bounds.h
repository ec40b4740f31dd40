// SPDX-License-Identifier: GPL-3.0-or-later
// What part of an index a scan reads: for each field of the key a list of intervals.
//
//   IndexBounds bounds{{{"user_id", {Interval::point(value)}}, {"date",
//   {Interval::everything()}}}};
//
// Threads  value types.
#pragma once

#include "bson/builder.h"
#include "bson/index_key.h"
#include "bson/value.h"

#include <optional>
#include <string>
#include <vector>

namespace plumb::plan {

// Values from `low` to `high` in the direction of the scan (for a descending scan low > high).
struct Interval {
    bson::Value low;
    bson::Value high;
    bool low_inclusive = true;
    bool high_inclusive = true;

    [[nodiscard]] bool is_point() const;
    // [MinKey, MaxKey], in either direction.
    [[nodiscard]] bool is_everything() const;
    [[nodiscard]] static Interval point(bson::ValueView value);
    [[nodiscard]] static Interval everything();
    // "[1, 5)", "[\"a\", {})": how 4.2's explain prints it.
    [[nodiscard]] std::string to_text() const;
    void reverse();
};

// The intervals of one field: apart, not empty, in scan order.
struct FieldBounds {
    std::string name;
    std::vector<Interval> intervals;

    void reverse();
    // True if there is one interval and it is a point.
    [[nodiscard]] bool is_point() const;
    // True if there are intervals and each is a point.
    [[nodiscard]] bool all_points() const;
    [[nodiscard]] bool is_everything() const;
};

// Two ends of a contiguous stretch of an index; the documents hold one field for each of the key.
struct KeyRange {
    bson::Document start;
    bson::Document end;
    bool start_inclusive = true;
    bool end_inclusive = true;
};

// The same ends as values that point into the bounds they were taken from.
struct KeyEnds {
    std::vector<bson::ValueView> start;
    std::vector<bson::ValueView> end;
    bool start_inclusive = true;
    bool end_inclusive = true;
};

struct IndexBounds {
    std::vector<FieldBounds> fields;  // one for each field of the key
    // find's min and max: a plain stretch that takes the place of `fields`, which is empty then.
    std::optional<KeyRange> range;

    // {user_id: ["[\"usr_1\", \"usr_1\"]"], delivery_date: ["[MinKey, MaxKey]"]}, as explain has
    // it.
    void append_to(bson::Builder& out, std::string_view name) const;

    void reverse();
    // The one stretch of keys that these bounds are, if they are one: points, then at most one
    // interval, then everything.
    [[nodiscard]] std::optional<KeyEnds> single_stretch() const;
    [[nodiscard]] std::optional<KeyRange> single_range() const;
};

}  // namespace plumb::plan
