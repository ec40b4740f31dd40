// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/key_walk.h"

#include "bson/index_key.h"

#include <algorithm>

namespace plumb::exec {
namespace {

constexpr char kAfter = '\xFF';

std::string encoded(bson::ValueView value, bson::Order order) {
    bson::KeyString key;
    key.append(value, order);
    return std::string{key.bytes()};
}

std::string encoded_key(const std::vector<bson::ValueView>& values,
                        const bson::KeyPattern& pattern) {
    bson::KeyString key;
    auto field = pattern.fields().begin();
    for (const bson::ValueView value : values) {
        key.append(value, field->order);
        ++field;
    }
    return std::string{key.bytes()};
}

}  // namespace

KeyWalk::KeyWalk(const storage::IndexState& index,
                 const plan::IndexBounds& bounds,
                 storage::Direction direction)
    : pattern_(index.pattern), forward_(direction == storage::Direction::Forward) {
    empty_ = std::ranges::any_of(
        bounds.fields, [](const plan::FieldBounds& field) { return field.intervals.empty(); });
    if (empty_) {
        return;
    }
    if (const std::optional<plan::KeyEnds> ends = bounds.single_stretch()) {
        one_stretch_ = true;
        set_stretch(*ends);
        return;
    }
    for (std::size_t at = 0; at < bounds.fields.size(); ++at) {
        const bson::Order order = pattern_.fields()[at].order;
        Field field;
        for (const plan::Interval& interval : bounds.fields[at].intervals) {
            field.push_back({encoded(interval.low, order),
                             encoded(interval.high, order),
                             interval.low_inclusive,
                             interval.high_inclusive});
        }
        fields_.push_back(std::move(field));
    }
    append_lows(0, 0, start_);
}

void KeyWalk::set_stretch(const plan::KeyEnds& ends) {
    start_ = encoded_key(ends.start, pattern_);
    end_ = encoded_key(ends.end, pattern_);
    // Forward, a start is passed by 0xFF if it is excluded; backward the seek goes below its
    // position, so an included one needs it. Ends mirror this.
    if (ends.start_inclusive != forward_) {
        start_ += kAfter;
    }
    if (ends.end_inclusive == forward_) {
        end_ += kAfter;
    }
}

KeyPlace KeyWalk::check_stretch(std::string_view key) const {
    const bool inside = forward_ ? key < end_ : key >= end_;
    return inside ? KeyPlace::Inside : KeyPlace::Behind;
}

// The order of a key's next field and an encoded one, in the direction of the walk. No field's
// bytes begin another's, so equal beginnings are equal fields.
int KeyWalk::compare(std::string_view key, std::string_view field) const {
    const int order = key.substr(0, field.size()).compare(field);
    return forward_ ? order : -order;
}

// Appends the least position from field `from` on, at its interval number `interval`.
void KeyWalk::append_lows(std::size_t from, std::size_t interval, std::string& position) const {
    for (std::size_t field = from; field < fields_.size(); ++field) {
        const EncodedInterval& first = fields_[field][field == from ? interval : 0];
        position += first.low;
        if (!first.low_inclusive) {
            if (forward_) {
                position += kAfter;
            }
            return;
        }
    }
    if (!forward_) {
        position += kAfter;
    }
}

// Where field number `field` begins: a key's values encode to the bytes they were read from.
std::size_t KeyWalk::bytes_before(std::string_view key, std::size_t field) const {
    bson::Builder decoded;
    const Status status = bson::decode_key(key, {}, pattern_, {}, decoded);
    if (!status.ok()) {
        return key.size();
    }
    bson::KeyString before;
    std::size_t at = 0;
    for (const bson::Element& element : decoded.finish_view()) {
        if (at == field) {
            break;
        }
        before.append(element.value, pattern_.fields()[at].order);
        ++at;
    }
    return before.bytes().size();
}

void KeyWalk::after_prefix(std::string_view key, std::size_t fields, std::string& position) const {
    position.assign(key.substr(0, bytes_before(key, fields)));
    if (forward_) {
        position += kAfter;
    }
}

KeyPlace KeyWalk::check(std::string_view key, std::string& position) const {
    if (one_stretch_) {
        return check_stretch(key);
    }
    std::size_t offset = 0;
    for (std::size_t field = 0; field < fields_.size(); ++field) {
        const std::string_view rest = key.substr(offset);
        const Field& intervals = fields_[field];
        const auto found =
            std::ranges::partition_point(intervals, [&](const EncodedInterval& each) {
                const int order = compare(rest, each.high);
                return order > 0 || (order == 0 && !each.high_inclusive);
            });
        if (found == intervals.end()) {
            if (field == 0) {
                return KeyPlace::Behind;
            }
            position.assign(key.substr(0, offset));
            if (forward_) {
                position += kAfter;
            }
            return KeyPlace::Skip;
        }
        const int order = compare(rest, found->low);
        if (order < 0 || (order == 0 && !found->low_inclusive)) {
            position.assign(key.substr(0, offset));
            append_lows(field, static_cast<std::size_t>(found - intervals.begin()), position);
            return KeyPlace::Skip;
        }
        if (rest.starts_with(found->high)) {
            offset += found->high.size();
        } else if (field + 1 < fields_.size()) {
            offset = bytes_before(key, field + 1);
        }
    }
    return KeyPlace::Inside;
}

}  // namespace plumb::exec
