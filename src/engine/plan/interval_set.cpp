// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/interval_set.h"

#include "bson/compare.h"

#include <algorithm>

namespace plumb::plan {
namespace {

// Order of lower ends: an included one comes before an excluded one of the same value.
int compare_lows(const Interval& a, const Interval& b) {
    const int order = bson::compare(a.low, b.low);
    return order != 0 ? order
                      : static_cast<int>(b.low_inclusive) - static_cast<int>(a.low_inclusive);
}

// Order of upper ends: an excluded one comes before an included one of the same value.
int compare_highs(const Interval& a, const Interval& b) {
    const int order = bson::compare(a.high, b.high);
    return order != 0 ? order
                      : static_cast<int>(a.high_inclusive) - static_cast<int>(b.high_inclusive);
}

bool empty(const Interval& interval) {
    const int order = bson::compare(interval.low, interval.high);
    return order > 0 || (order == 0 && !(interval.low_inclusive && interval.high_inclusive));
}

// No value lies between the end of `a` and the start of `b`, which starts no earlier than `a`.
bool touches(const Interval& a, const Interval& b) {
    const int order = bson::compare(a.high, b.low);
    return order > 0 || (order == 0 && (a.high_inclusive || b.low_inclusive));
}

}  // namespace

IntervalSet unite(std::vector<Interval> intervals) {
    std::erase_if(intervals, empty);
    std::ranges::stable_sort(
        intervals, [](const Interval& a, const Interval& b) { return compare_lows(a, b) < 0; });
    IntervalSet out;
    for (Interval& next : intervals) {
        if (out.empty() || !touches(out.back(), next)) {
            out.push_back(std::move(next));
        } else if (compare_highs(out.back(), next) < 0) {
            out.back().high = std::move(next.high);
            out.back().high_inclusive = next.high_inclusive;
        }
    }
    return out;
}

IntervalSet intersect(const IntervalSet& a, const IntervalSet& b) {
    IntervalSet out;
    auto left = a.begin();
    auto right = b.begin();
    while (left != a.end() && right != b.end()) {
        const Interval& later = compare_lows(*left, *right) >= 0 ? *left : *right;
        const Interval& sooner = compare_highs(*left, *right) <= 0 ? *left : *right;
        Interval common{.low = later.low,
                        .high = sooner.high,
                        .low_inclusive = later.low_inclusive,
                        .high_inclusive = sooner.high_inclusive};
        if (!empty(common)) {
            out.push_back(std::move(common));
        }
        if (&sooner == &*left) {
            ++left;
        } else {
            ++right;
        }
    }
    return out;
}

IntervalSet complement(const IntervalSet& set) {
    IntervalSet out;
    Interval gap = Interval::everything();
    for (const Interval& interval : set) {
        gap.high = interval.low;
        gap.high_inclusive = !interval.low_inclusive;
        if (!empty(gap)) {
            out.push_back(gap);
        }
        gap.low = interval.high;
        gap.low_inclusive = !interval.high_inclusive;
    }
    gap.high = bson::Value::max_key();
    gap.high_inclusive = true;
    if (!empty(gap)) {
        out.push_back(std::move(gap));
    }
    return out;
}

}  // namespace plumb::plan
