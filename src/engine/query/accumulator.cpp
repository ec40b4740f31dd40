// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/accumulator.h"

#include "engine/query/accumulator_state.h"
#include "engine/query/language.h"

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
constexpr AccumulatorRow row_of(std::string_view name, std::string_view help) {
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
        help,
    };
}

constexpr AccumulatorRow refused(std::string_view name,
                                 std::string_view help,
                                 std::string_view why) {
    return {.name = name, .help = help, .refused = why};
}

constexpr std::array kAccumulators{
    refused("$accumulator",
            "What JavaScript functions make of the values.",
            "plumbd has no JavaScript"),
    row_of<AddToSetState>("$addToSet", "Each value once."),
    row_of<AvgState>("$avg", "The mean of the numbers."),
    row_of<FirstState>("$first", "The value of the first document."),
    row_of<LastState>("$last", "The value of the last document."),
    row_of<MaxState>("$max", "The greatest value."),
    row_of<MergeObjectsState>("$mergeObjects", "All documents in one."),
    row_of<MinState>("$min", "The least value."),
    row_of<PushState>("$push", "All values, in order."),
    row_of<StdDevPopState>("$stdDevPop", "The standard deviation of a population."),
    row_of<StdDevSampState>("$stdDevSamp", "The standard deviation of a sample."),
    row_of<SumState>("$sum", "The sum of the numbers."),
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

std::vector<LanguageEntry> accumulator_entries() {
    return entries_of(kAccumulators);
}

}  // namespace plumb::query
