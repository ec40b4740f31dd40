// SPDX-License-Identifier: GPL-3.0-or-later
// The accumulators that are expressions as well: $sum, $avg, $min, $max, $stdDevPop, $stdDevSamp,
// $mergeObjects.
#include "engine/query/accumulator_state.h"
#include "engine/query/expr/operators.h"

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

// One argument that is an array stands for its elements; several stand for themselves.
template <class State>
Result<ValueView> accumulate(const Call& call) {
    State state;
    if (call.count() == 1) {
        PLUMB_TRY(value, call.argument(0));
        if (value.type() == Type::Array) {
            for (const bson::Element& element : value.as_container()) {
                PLUMB_CHECK(state.add(element.value, call.arena()));
            }
        } else {
            PLUMB_CHECK(state.add(value, call.arena()));
        }
        return state.result(call.arena());
    }
    for (std::size_t index = 0; index < call.count(); ++index) {
        PLUMB_TRY(value, call.argument(index));
        PLUMB_CHECK(state.add(value, call.arena()));
    }
    return state.result(call.arena());
}

}  // namespace

Result<ValueView> run_avg(const Call& call) {
    return accumulate<AvgState>(call);
}

Result<ValueView> run_max(const Call& call) {
    return accumulate<MaxState>(call);
}

Result<ValueView> run_merge_objects(const Call& call) {
    return accumulate<MergeObjectsState>(call);
}

Result<ValueView> run_min(const Call& call) {
    return accumulate<MinState>(call);
}

Result<ValueView> run_std_dev_pop(const Call& call) {
    return accumulate<StdDevPopState>(call);
}

Result<ValueView> run_std_dev_samp(const Call& call) {
    return accumulate<StdDevSampState>(call);
}

Result<ValueView> run_sum(const Call& call) {
    return accumulate<SumState>(call);
}

}  // namespace plumb::query
