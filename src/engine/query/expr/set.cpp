// SPDX-License-Identifier: GPL-3.0-or-later
// $setEquals, $setIntersection, $setUnion, $setDifference, $setIsSubset, $anyElementTrue,
// $allElementsTrue: arrays as sets of values.
#include "bson/compare.h"
#include "bson/number.h"
#include "engine/query/expr/operators.h"
#include "engine/query/expr/values.h"

#include <algorithm>
#include <vector>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

// A union is made a set of each time it has doubled: the same array may be named many times.
constexpr std::size_t kCompactFrom = 100'000;

// Values in order, each once; of equal ones the first is kept.
using SortedSet = std::vector<ValueView>;

void add_elements(ValueView array, SortedSet& out) {
    for (const bson::Element& element : array.as_container()) {
        out.push_back(element.value);
    }
}

void make_set(SortedSet& values) {
    std::stable_sort(values.begin(), values.end(), bson::ValueLess{});
    values.erase(std::unique(values.begin(), values.end(), bson::equal), values.end());
}

SortedSet set_of(ValueView array) {
    SortedSet out;
    add_elements(array, out);
    make_set(out);
    return out;
}

bool contains(const SortedSet& set, ValueView value) {
    return std::binary_search(set.begin(), set.end(), value, bson::ValueLess{});
}

ValueView as_array(const Call& call, const SortedSet& set) {
    ArrayWriter out{call.arena()};
    for (const ValueView value : set) {
        out.push(value);
    }
    return out.finish();
}

}  // namespace

Result<ValueView> run_set_equals(const Call& call) {
    if (call.count() < 2) {
        return operator_error(call, 17045, "needs at least two arguments");
    }
    SortedSet first;
    for (std::size_t index = 0; index < call.count(); ++index) {
        PLUMB_TRY(array, call.argument(index));
        if (array.type() != Type::Array) {
            return wrong_type(call, 17044, array);
        }
        SortedSet set = set_of(array);
        if (index == 0) {
            first = std::move(set);
        } else if (!std::equal(first.begin(), first.end(), set.begin(), set.end(), bson::equal)) {
            return make_bool(false);
        }
    }
    return make_bool(true);
}

Result<ValueView> run_set_intersection(const Call& call) {
    SortedSet common;
    for (std::size_t index = 0; index < call.count(); ++index) {
        PLUMB_TRY(array, call.argument(index));
        if (array.nullish()) {
            return make_null();
        }
        if (array.type() != Type::Array) {
            return wrong_type(call, 17047, array);
        }
        SortedSet set = set_of(array);
        if (index == 0) {
            common = std::move(set);
            continue;
        }
        // Of equal values that look different, 4.2 keeps those of the smaller set.
        if (common.size() > set.size()) {
            common.swap(set);
        }
        const auto gone = [&](ValueView value) { return !contains(set, value); };
        common.erase(std::remove_if(common.begin(), common.end(), gone), common.end());
        if (common.empty()) {
            break;
        }
    }
    return as_array(call, common);
}

Result<ValueView> run_set_union(const Call& call) {
    SortedSet all;
    std::size_t compact_at = kCompactFrom;
    for (std::size_t index = 0; index < call.count(); ++index) {
        PLUMB_TRY(array, call.argument(index));
        if (array.nullish()) {
            return make_null();
        }
        if (array.type() != Type::Array) {
            return wrong_type(call, 17043, array);
        }
        PLUMB_CHECK(call.go_on());
        add_elements(array, all);
        if (all.size() > compact_at) {
            make_set(all);
            compact_at = std::max(kCompactFrom, all.size() * 2);
        }
    }
    make_set(all);
    return as_array(call, all);
}

Result<ValueView> run_set_difference(const Call& call) {
    PLUMB_TRY(left, call.argument(0));
    PLUMB_TRY(right, call.argument(1));
    if (left.nullish() || right.nullish()) {
        return make_null();
    }
    if (left.type() != Type::Array) {
        return wrong_type(call, 17048, left);
    }
    if (right.type() != Type::Array) {
        return wrong_type(call, 17049, right);
    }
    const SortedSet without = set_of(right);
    std::vector<ValueView> kept;
    // In the order of the left side, each value once.
    for (const bson::Element& element : left.as_container()) {
        const bool seen = std::any_of(kept.begin(), kept.end(), [&](ValueView value) {
            return bson::equal(value, element.value);
        });
        if (!seen && !contains(without, element.value)) {
            kept.push_back(element.value);
        }
    }
    return as_array(call, kept);
}

Result<ValueView> run_set_is_subset(const Call& call) {
    PLUMB_TRY(left, call.argument(0));
    PLUMB_TRY(right, call.argument(1));
    if (left.type() != Type::Array) {
        return wrong_type(call, 17046, left);
    }
    if (right.type() != Type::Array) {
        return wrong_type(call, 17042, right);
    }
    const SortedSet all = set_of(right);
    for (const bson::Element& element : left.as_container()) {
        if (!contains(all, element.value)) {
            return make_bool(false);
        }
    }
    return make_bool(true);
}

Result<ValueView> run_any_element_true(const Call& call) {
    PLUMB_TRY(array, call.argument(0));
    if (array.type() != Type::Array) {
        return wrong_type(call, 17041, array);
    }
    for (const bson::Element& element : array.as_container()) {
        if (bson::truthy(element.value)) {
            return make_bool(true);
        }
    }
    return make_bool(false);
}

Result<ValueView> run_all_elements_true(const Call& call) {
    PLUMB_TRY(array, call.argument(0));
    if (array.type() != Type::Array) {
        return wrong_type(call, 17040, array);
    }
    for (const bson::Element& element : array.as_container()) {
        if (!bson::truthy(element.value)) {
            return make_bool(false);
        }
    }
    return make_bool(true);
}

}  // namespace plumb::query
