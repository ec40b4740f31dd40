// SPDX-License-Identifier: GPL-3.0-or-later
// What each accumulator keeps. All are trivially destructible: what grows lies in an arena.
//
// Threads  one thread.
#pragma once

#include "base/arena.h"
#include "base/result.h"
#include "bson/builder.h"
#include "bson/value.h"
#include "engine/query/expr/numbers.h"

#include <cstdint>
#include <type_traits>

namespace plumb::query {

// One value that may be replaced by another; keeps its memory if the new one fits.
class KeptValue {
  public:
    void assign(bson::ValueView value, Arena& memory);
    [[nodiscard]] bson::ValueView view() const { return {type_, data_, bytes_}; }
    [[nodiscard]] bool missing() const { return type_ == bson::Type::Missing; }

  private:
    char* data_ = nullptr;
    std::uint32_t bytes_ = 0;
    std::uint32_t capacity_ = 0;
    bson::Type type_ = bson::Type::Missing;
};

// An array that grows at its end.
class KeptArray {
  public:
    void push(bson::ValueView value, Arena& memory);
    [[nodiscard]] bson::ValueView finish(Arena& memory);
    [[nodiscard]] std::uint32_t count() const { return count_; }

  private:
    void append(std::string_view bytes, Arena& memory);
    char* data_ = nullptr;
    std::uint32_t bytes_ = 0;
    std::uint32_t capacity_ = 0;
    std::uint32_t count_ = 0;
};

struct SumState {
    NumberSum sum;
    [[nodiscard]] Status add(bson::ValueView value, Arena& memory);
    [[nodiscard]] bson::ValueView result(Arena& arena) const;
    void save(bson::Builder& out, std::string_view name) const;
    [[nodiscard]] Status merge(bson::ValueView saved, Arena& memory);
};

struct AvgState {
    NumberSum sum;
    std::int64_t count = 0;
    [[nodiscard]] Status add(bson::ValueView value, Arena& memory);
    [[nodiscard]] bson::ValueView result(Arena& arena) const;
    void save(bson::Builder& out, std::string_view name) const;
    [[nodiscard]] Status merge(bson::ValueView saved, Arena& memory);
};

enum class Extreme : std::uint8_t { Least, Greatest };

template <Extreme kWhich>
struct ExtremeState {
    KeptValue best;
    [[nodiscard]] Status add(bson::ValueView value, Arena& memory);
    [[nodiscard]] bson::ValueView result(Arena& arena) const;
    void save(bson::Builder& out, std::string_view name) const;
    [[nodiscard]] Status merge(bson::ValueView saved, Arena& memory);
};
using MinState = ExtremeState<Extreme::Least>;
using MaxState = ExtremeState<Extreme::Greatest>;

struct FirstState {
    KeptValue value;
    bool seen = false;
    [[nodiscard]] Status add(bson::ValueView value, Arena& memory);
    [[nodiscard]] bson::ValueView result(Arena& arena) const;
    void save(bson::Builder& out, std::string_view name) const;
    [[nodiscard]] Status merge(bson::ValueView saved, Arena& memory);
};

struct LastState {
    KeptValue value;
    [[nodiscard]] Status add(bson::ValueView value, Arena& memory);
    [[nodiscard]] bson::ValueView result(Arena& arena) const;
    void save(bson::Builder& out, std::string_view name) const;
    [[nodiscard]] Status merge(bson::ValueView saved, Arena& memory);
};

struct PushState {
    KeptArray array;
    [[nodiscard]] Status add(bson::ValueView value, Arena& memory);
    [[nodiscard]] bson::ValueView result(Arena& arena);
    void save(bson::Builder& out, std::string_view name);
    [[nodiscard]] Status merge(bson::ValueView saved, Arena& memory);
};

// Values in the order they came, and a table of their positions by hash.
struct AddToSetState {
    bson::ValueView* values = nullptr;
    std::uint32_t* table = nullptr;  // position + 1; 0 for free
    std::uint32_t count = 0;
    std::uint32_t table_slots = 0;  // a power of two, twice as many as values fit
    [[nodiscard]] Status add(bson::ValueView value, Arena& memory);
    [[nodiscard]] bson::ValueView result(Arena& arena) const;
    void save(bson::Builder& out, std::string_view name) const;
    [[nodiscard]] Status merge(bson::ValueView saved, Arena& memory);

  private:
    void grow(Arena& memory);
    void place(std::uint32_t position);
};

enum class Deviation : std::uint8_t { Population, Sample };

// Welford's running variance, so that large means lose no digits.
template <Deviation kWhich>
struct StdDevState {
    std::int64_t count = 0;
    double mean = 0;
    double squares = 0;
    [[nodiscard]] Status add(bson::ValueView value, Arena& memory);
    [[nodiscard]] bson::ValueView result(Arena& arena) const;
    void save(bson::Builder& out, std::string_view name) const;
    [[nodiscard]] Status merge(bson::ValueView saved, Arena& memory);
};
using StdDevPopState = StdDevState<Deviation::Population>;
using StdDevSampState = StdDevState<Deviation::Sample>;

struct MergeObjectsState {
    KeptValue merged;
    [[nodiscard]] Status add(bson::ValueView value, Arena& memory);
    [[nodiscard]] bson::ValueView result(Arena& arena) const;
    void save(bson::Builder& out, std::string_view name) const;
    [[nodiscard]] Status merge(bson::ValueView saved, Arena& memory);
};

static_assert(std::is_trivially_destructible_v<SumState>);
static_assert(std::is_trivially_destructible_v<PushState>);
static_assert(std::is_trivially_destructible_v<AddToSetState>);

}  // namespace plumb::query
