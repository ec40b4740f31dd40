// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/bounds.h"

#include "bson/compare.h"
#include "engine/plan/value_text.h"

#include <algorithm>
#include <utility>

namespace plumb::plan {
namespace {

bool is_extreme(bson::Type type) {
    return type == bson::Type::MinKey || type == bson::Type::MaxKey;
}

}  // namespace

bool Interval::is_point() const {
    return low_inclusive && high_inclusive && bson::equal(low, high);
}

bool Interval::is_everything() const {
    return low_inclusive && high_inclusive && is_extreme(low.type()) && is_extreme(high.type()) &&
           low.type() != high.type();
}

Interval Interval::point(bson::ValueView value) {
    return {.low = bson::Value{value}, .high = bson::Value{value}};
}

Interval Interval::everything() {
    return {.low = bson::Value::min_key(), .high = bson::Value::max_key()};
}

std::string Interval::to_text() const {
    std::string out{low_inclusive ? "[" : "("};
    out += value_text(low);
    out += ", ";
    out += value_text(high);
    out += high_inclusive ? ']' : ')';
    return out;
}

void Interval::reverse() {
    std::swap(low, high);
    std::swap(low_inclusive, high_inclusive);
}

void FieldBounds::reverse() {
    std::ranges::reverse(intervals);
    for (Interval& interval : intervals) {
        interval.reverse();
    }
}

bool FieldBounds::is_point() const {
    return intervals.size() == 1 && intervals.front().is_point();
}

bool FieldBounds::all_points() const {
    return !intervals.empty() &&
           std::ranges::all_of(intervals, [](const Interval& each) { return each.is_point(); });
}

bool FieldBounds::is_everything() const {
    return intervals.size() == 1 && intervals.front().is_everything();
}

void IndexBounds::append_to(bson::Builder& out, std::string_view name) const {
    out.begin_document(name);
    if (range) {
        out.append("startKey", range->start);
        out.append("endKey", range->end);
    }
    for (const FieldBounds& field : fields) {
        out.begin_array(field.name);
        for (const Interval& interval : field.intervals) {
            out.push(interval.to_text());
        }
        out.end();
    }
    out.end();
}

void IndexBounds::reverse() {
    for (FieldBounds& field : fields) {
        field.reverse();
    }
    if (range) {
        std::swap(range->start, range->end);
        std::swap(range->start_inclusive, range->end_inclusive);
    }
}

std::optional<KeyEnds> IndexBounds::single_stretch() const {
    KeyEnds out;
    if (range) {
        for (const bson::Element& element : range->start) {
            out.start.push_back(element.value);
        }
        for (const bson::Element& element : range->end) {
            out.end.push_back(element.value);
        }
        out.start_inclusive = range->start_inclusive;
        out.end_inclusive = range->end_inclusive;
        return out;
    }
    out.start.reserve(fields.size());
    out.end.reserve(fields.size());
    bool points_so_far = true;
    for (const FieldBounds& field : fields) {
        if (field.intervals.size() != 1) {
            return std::nullopt;
        }
        const Interval& interval = field.intervals.front();
        if (points_so_far) {
            out.start.push_back(interval.low);
            out.end.push_back(interval.high);
            out.start_inclusive = interval.low_inclusive;
            out.end_inclusive = interval.high_inclusive;
            points_so_far = interval.is_point();
            continue;
        }
        if (!interval.is_everything()) {
            return std::nullopt;
        }
        // Behind an excluded end, all keys that begin with it are excluded as well.
        out.start.push_back(out.start_inclusive ? interval.low : interval.high);
        out.end.push_back(out.end_inclusive ? interval.high : interval.low);
    }
    return out;
}

std::optional<KeyRange> IndexBounds::single_range() const {
    const std::optional<KeyEnds> ends = single_stretch();
    if (!ends || range) {
        return range;
    }
    bson::Builder start;
    bson::Builder end;
    for (std::size_t at = 0; at < fields.size(); ++at) {
        start.append(fields[at].name, ends->start[at]);
        end.append(fields[at].name, ends->end[at]);
    }
    return KeyRange{.start = start.finish(),
                    .end = end.finish(),
                    .start_inclusive = ends->start_inclusive,
                    .end_inclusive = ends->end_inclusive};
}

}  // namespace plumb::plan
