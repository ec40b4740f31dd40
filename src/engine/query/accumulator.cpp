// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/accumulator.h"

#include "engine/query/accumulator_state.h"

#include <algorithm>
#include <array>
#include <memory>

namespace plumb::query {

namespace {

template <class State>
State& state_at(char* state) {
    return *reinterpret_cast<State*>(state);
}

template <class State>
constexpr AccumulatorRow row_of(std::string_view name) {
    static_assert(std::is_trivially_destructible_v<State> && alignof(State) <= 8);
    return {
        name,
        sizeof(State),
        [](char* state) { std::construct_at(reinterpret_cast<State*>(state)); },
        [](char* state, bson::ValueView value, Arena& memory) {
            return state_at<State>(state).add(value, memory);
        },
        [](char* state, Arena& arena) { return state_at<State>(state).result(arena); },
        [](char* state, bson::Builder& out, std::string_view field) {
            state_at<State>(state).save(out, field);
        },
        [](char* state, bson::ValueView saved, Arena& memory) {
            return state_at<State>(state).merge(saved, memory);
        },
    };
}

constexpr std::array kAccumulators{
    row_of<AddToSetState>("$addToSet"),
    row_of<AvgState>("$avg"),
    row_of<FirstState>("$first"),
    row_of<LastState>("$last"),
    row_of<MaxState>("$max"),
    row_of<MergeObjectsState>("$mergeObjects"),
    row_of<MinState>("$min"),
    row_of<PushState>("$push"),
    row_of<StdDevPopState>("$stdDevPop"),
    row_of<StdDevSampState>("$stdDevSamp"),
    row_of<SumState>("$sum"),
};

constexpr bool by_name(const AccumulatorRow& a, const AccumulatorRow& b) {
    return a.name < b.name;
}

static_assert(std::is_sorted(kAccumulators.begin(), kAccumulators.end(), by_name));

}  // namespace

const AccumulatorRow* find_accumulator(std::string_view name) {
    const auto* const found = std::lower_bound(
        kAccumulators.begin(),
        kAccumulators.end(),
        name,
        [](const AccumulatorRow& row, std::string_view wanted) { return row.name < wanted; });
    return found != kAccumulators.end() && found->name == name ? found : nullptr;
}

std::span<const AccumulatorRow> all_accumulators() {
    return kAccumulators;
}

}  // namespace plumb::query
