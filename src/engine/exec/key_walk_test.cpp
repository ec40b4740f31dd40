// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/key_walk.h"

#include "base/random.h"
#include "bson/compare.h"
#include "engine/plan/interval_set.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace plumb::exec {
namespace {

using plan::Interval;
using storage::Direction;

struct TestKey {
    std::vector<int> values;
    std::string bytes;
};

storage::IndexState index_of(const std::vector<int>& orders) {
    storage::IndexState out;
    bson::Builder key;
    for (std::size_t at = 0; at < orders.size(); ++at) {
        key.append(std::string{static_cast<char>('a' + at)}, orders[at]);
    }
    out.spec.key = key.finish();
    out.pattern = *bson::KeyPattern::parse(out.spec.key);
    return out;
}

std::string encoded(const storage::IndexState& index, const std::vector<int>& values) {
    bson::KeyString key;
    for (std::size_t at = 0; at < values.size(); ++at) {
        key.append(bson::Value{values[at]}, index.pattern.fields()[at].order);
    }
    return std::string{key.bytes()};
}

plan::IntervalSet random_intervals(Random& random) {
    std::vector<Interval> out;
    if (random.chance(0.2)) {
        return {Interval::everything()};
    }
    const std::uint64_t count = 1 + random.below(3);
    for (std::uint64_t at = 0; at < count; ++at) {
        const int low = static_cast<int>(random.below(6));
        const int high = random.chance(0.5) ? low : low + static_cast<int>(random.below(3));
        Interval interval{.low = bson::Value{low}, .high = bson::Value{high}};
        if (low != high) {
            interval.low_inclusive = random.chance(0.5);
            interval.high_inclusive = random.chance(0.5);
        }
        out.push_back(std::move(interval));
    }
    return plan::unite(std::move(out));
}

bool inside(const std::vector<plan::IntervalSet>& sets, const std::vector<int>& values) {
    for (std::size_t at = 0; at < sets.size(); ++at) {
        const bson::Value value{values[at]};
        const plan::IntervalSet point{Interval::point(value)};
        if (plan::intersect(sets[at], point).empty()) {
            return false;
        }
    }
    return true;
}

// What IndexCursor does, over keys in a sorted list.
class ListCursor {
  public:
    ListCursor(const std::vector<TestKey>& keys, bool forward) : keys_(keys), forward_(forward) {}

    const TestKey* seek(const std::string& position) {
        const auto found = std::ranges::lower_bound(keys_, position, {}, &TestKey::bytes);
        at_ = found - keys_.begin() - (forward_ ? 0 : 1);
        return here();
    }
    const TestKey* next() {
        at_ += forward_ ? 1 : -1;
        return here();
    }

  private:
    const TestKey* here() const {
        return at_ < 0 || at_ >= static_cast<std::ptrdiff_t>(keys_.size())
                   ? nullptr
                   : &keys_[static_cast<std::size_t>(at_)];
    }
    const std::vector<TestKey>& keys_;
    bool forward_;
    std::ptrdiff_t at_ = 0;
};

std::vector<std::vector<int>> walk(const KeyWalk& walk, ListCursor cursor) {
    std::vector<std::vector<int>> out;
    if (walk.empty()) {
        return out;
    }
    std::string position;
    const TestKey* key = cursor.seek(walk.start());
    while (key != nullptr) {
        const KeyPlace place = walk.check(key->bytes, position);
        if (place == KeyPlace::Behind) {
            break;
        }
        if (place == KeyPlace::Inside) {
            out.push_back(key->values);
            key = cursor.next();
        } else {
            const TestKey* before = key;
            key = cursor.seek(position);
            EXPECT_NE(key, before) << "a seek that does not move";
            if (key == before) {
                break;
            }
        }
    }
    return out;
}

TEST(KeyWalk, VisitsExactlyTheKeysWithinTheBounds) {
    Random random{20260311};
    for (int round = 0; round < 2000; ++round) {
        const storage::IndexState index =
            index_of({random.chance(0.5) ? 1 : -1, random.chance(0.5) ? 1 : -1});
        std::vector<TestKey> keys;
        for (int a = 0; a < 7; ++a) {
            for (int b = 0; b < 7; ++b) {
                if (random.chance(0.7)) {
                    keys.push_back({{a, b}, encoded(index, {a, b})});
                }
            }
        }
        std::ranges::sort(keys, {}, &TestKey::bytes);
        const std::vector<plan::IntervalSet> sets{random_intervals(random),
                                                  random_intervals(random)};
        const Direction direction = random.chance(0.5) ? Direction::Forward : Direction::Backward;
        plan::IndexBounds bounds;
        for (std::size_t at = 0; at < sets.size(); ++at) {
            plan::FieldBounds field{std::string{static_cast<char>('a' + at)}, sets[at]};
            const bool descends = index.pattern.fields()[at].order == bson::Order::Descending;
            if (descends != (direction == Direction::Backward)) {
                field.reverse();
            }
            bounds.fields.push_back(std::move(field));
        }
        std::vector<std::vector<int>> expected;
        for (const TestKey& key : keys) {
            if (inside(sets, key.values)) {
                expected.push_back(key.values);
            }
        }
        if (direction == Direction::Backward) {
            std::ranges::reverse(expected);
        }
        const KeyWalk tested{index, bounds, direction};
        EXPECT_EQ(walk(tested, ListCursor{keys, direction == Direction::Forward}), expected)
            << "round " << round;
    }
}

}  // namespace
}  // namespace plumb::exec
