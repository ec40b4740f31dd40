// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/accumulator_state.h"

#include "bson/compare.h"
#include "bson/decimal.h"
#include "bson/document.h"
#include "bson/hash.h"
#include "bson/number.h"
#include "engine/query/expr/values.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

void KeptValue::assign(ValueView value, Arena& memory) {
    const auto bytes = static_cast<std::uint32_t>(value.raw().size());
    if (data_ == nullptr || bytes > capacity_) {
        capacity_ = std::max(bytes, std::uint32_t{16});
        data_ = memory.allocate(capacity_);
    }
    if (bytes > 0) {
        std::memcpy(data_, value.raw().data(), bytes);
    }
    bytes_ = bytes;
    type_ = value.type();
}

void KeptArray::append(std::string_view bytes, Arena& memory) {
    const auto wanted = static_cast<std::uint32_t>(bytes_ + bytes.size());
    if (wanted > capacity_) {
        const std::uint32_t capacity = std::max({wanted, capacity_ * 2, std::uint32_t{64}});
        char* larger = memory.allocate(capacity);
        if (bytes_ > 0) {
            std::memcpy(larger, data_, bytes_);
        }
        data_ = larger;
        capacity_ = capacity;
    }
    if (!bytes.empty()) {
        std::memcpy(data_ + bytes_, bytes.data(), bytes.size());
    }
    bytes_ = wanted;
}

void KeptArray::push(ValueView value, Arena& memory) {
    if (bytes_ == 0) {
        append(std::string_view{"\0\0\0\0", 4}, memory);
    }
    char header[12];
    header[0] = static_cast<char>(value.type());
    char* end = std::to_chars(header + 1, header + sizeof header - 1, count_).ptr;
    *end++ = '\0';
    append({header, static_cast<std::size_t>(end - header)}, memory);
    append(value.raw(), memory);
    ++count_;
}

ValueView KeptArray::finish(Arena& memory) {
    if (bytes_ == 0) {
        append(std::string_view{"\0\0\0\0", 4}, memory);
    }
    append(std::string_view{"\0", 1}, memory);
    const auto length = static_cast<std::int32_t>(bytes_);
    std::memcpy(data_, &length, sizeof length);
    return {Type::Array, data_, bytes_};
}

namespace {

void save_sum(const NumberSum& sum, bson::Builder& out) {
    out.append("type", static_cast<std::int32_t>(sum.type()));
    out.append("high", sum.binary().high());
    out.append("low", sum.binary().low());
    // Infinities and NaN are not in the two parts.
    out.append("special", sum.binary().special());
    out.append("decimal", sum.decimal());
}

void merge_sum(bson::View saved, NumberSum& sum) {
    sum.merge(static_cast<Type>(saved.find("type").as_int32()),
              saved.find("high").as_double(),
              saved.find("low").as_double() + saved.find("special").as_double(),
              saved.find("decimal").as_decimal());
}

}  // namespace

Status SumState::add(ValueView value, Arena& /*memory*/) {
    if (value.is_number()) {
        sum.add(value);
    }
    return {};
}

ValueView SumState::result(Arena& arena) const {
    return sum.result(arena);
}

void SumState::save(bson::Builder& out, std::string_view name) const {
    out.begin_document(name);
    save_sum(sum, out);
    out.end();
}

Status SumState::merge(ValueView saved, Arena& /*memory*/) {
    merge_sum(saved.as_document(), sum);
    return {};
}

Status AvgState::add(ValueView value, Arena& /*memory*/) {
    if (value.is_number()) {
        sum.add(value);
        ++count;
    }
    return {};
}

ValueView AvgState::result(Arena& arena) const {
    if (count == 0) {
        return make_null();
    }
    if (sum.is_decimal()) {
        return make_decimal(
            arena, bson::decimal_divide(sum.as_decimal(), bson::decimal_from_int64(count)));
    }
    return make_double(arena, sum.as_double() / static_cast<double>(count));
}

void AvgState::save(bson::Builder& out, std::string_view name) const {
    out.begin_document(name);
    save_sum(sum, out);
    out.append("count", count);
    out.end();
}

Status AvgState::merge(ValueView saved, Arena& /*memory*/) {
    merge_sum(saved.as_document(), sum);
    count += saved.as_document().find("count").as_int64();
    return {};
}

template <Extreme kWhich>
Status ExtremeState<kWhich>::add(ValueView value, Arena& memory) {
    if (value.nullish()) {
        return {};
    }
    const int order = best.missing() ? 0 : bson::compare(value, best.view());
    if (best.missing() || (kWhich == Extreme::Least ? order < 0 : order > 0)) {
        best.assign(value, memory);
    }
    return {};
}

template <Extreme kWhich>
ValueView ExtremeState<kWhich>::result(Arena& /*arena*/) const {
    return best.missing() ? make_null() : best.view();
}

template <Extreme kWhich>
void ExtremeState<kWhich>::save(bson::Builder& out, std::string_view name) const {
    out.append(name, best.missing() ? make_null() : best.view());
}

template <Extreme kWhich>
Status ExtremeState<kWhich>::merge(ValueView saved, Arena& memory) {
    return add(saved, memory);
}

template struct ExtremeState<Extreme::Least>;
template struct ExtremeState<Extreme::Greatest>;

Status FirstState::add(ValueView given, Arena& memory) {
    if (!seen) {
        value.assign(given, memory);
        seen = true;
    }
    return {};
}

ValueView FirstState::result(Arena& /*arena*/) const {
    return value.view();
}

void FirstState::save(bson::Builder& out, std::string_view name) const {
    // In an array, so that Missing can be told from null: it is the empty one.
    out.begin_array(name);
    if (!value.missing()) {
        out.push(value.view());
    }
    out.end();
}

Status FirstState::merge(ValueView saved, Arena& memory) {
    return add(saved.as_array().at(0), memory);
}

Status LastState::add(ValueView given, Arena& memory) {
    value.assign(given, memory);
    return {};
}

ValueView LastState::result(Arena& /*arena*/) const {
    return value.view();
}

void LastState::save(bson::Builder& out, std::string_view name) const {
    out.begin_array(name);
    if (!value.missing()) {
        out.push(value.view());
    }
    out.end();
}

Status LastState::merge(ValueView saved, Arena& memory) {
    return add(saved.as_array().at(0), memory);
}

Status PushState::add(ValueView value, Arena& memory) {
    if (!value.missing()) {
        array.push(value, memory);
    }
    return {};
}

ValueView PushState::result(Arena& arena) {
    return array.finish(arena);
}

void PushState::save(bson::Builder& out, std::string_view name) {
    Arena arena;
    out.append(name, array.finish(arena));
}

Status PushState::merge(ValueView saved, Arena& memory) {
    for (const bson::Element& element : saved.as_container()) {
        array.push(element.value, memory);
    }
    return {};
}

void AddToSetState::place(std::uint32_t position) {
    const auto mask = static_cast<std::uint64_t>(table_slots - 1);
    std::uint64_t slot = bson::hash_value(values[position]) & mask;
    while (table[slot] != 0) {
        slot = (slot + 1) & mask;
    }
    table[slot] = position + 1;
}

void AddToSetState::grow(Arena& memory) {
    table_slots = table_slots == 0 ? 8 : table_slots * 2;
    char* table_bytes = memory.allocate(table_slots * sizeof(std::uint32_t));
    table = reinterpret_cast<std::uint32_t*>(table_bytes);
    std::fill_n(table, table_slots, 0U);
    char* value_bytes = memory.allocate(table_slots / 2 * sizeof(ValueView));
    auto* larger = reinterpret_cast<ValueView*>(value_bytes);
    std::uninitialized_copy_n(values, count, larger);
    values = larger;
    for (std::uint32_t position = 0; position < count; ++position) {
        place(position);
    }
}

Status AddToSetState::add(ValueView value, Arena& memory) {
    if (value.missing()) {
        return {};
    }
    if (count == table_slots / 2) {
        grow(memory);
    }
    const auto mask = static_cast<std::uint64_t>(table_slots - 1);
    std::uint64_t slot = bson::hash_value(value) & mask;
    for (; table[slot] != 0; slot = (slot + 1) & mask) {
        if (bson::equal(values[table[slot] - 1], value)) {
            return {};
        }
    }
    std::construct_at(values + count, copy_value(memory, value));
    table[slot] = ++count;
    return {};
}

ValueView AddToSetState::result(Arena& arena) const {
    ArrayWriter out{arena};
    for (std::uint32_t position = 0; position < count; ++position) {
        out.push(values[position]);
    }
    return out.finish();
}

void AddToSetState::save(bson::Builder& out, std::string_view name) const {
    out.begin_array(name);
    for (std::uint32_t position = 0; position < count; ++position) {
        out.push(values[position]);
    }
    out.end();
}

Status AddToSetState::merge(ValueView saved, Arena& memory) {
    for (const bson::Element& element : saved.as_container()) {
        PLUMB_CHECK(add(element.value, memory));
    }
    return {};
}

template <Deviation kWhich>
Status StdDevState<kWhich>::add(ValueView value, Arena& /*memory*/) {
    if (!value.is_number()) {
        return {};
    }
    const double number = bson::to_double(value);
    ++count;
    const double delta = number - mean;
    mean += delta / static_cast<double>(count);
    squares += delta * (number - mean);
    return {};
}

template <Deviation kWhich>
ValueView StdDevState<kWhich>::result(Arena& arena) const {
    const std::int64_t freedom = kWhich == Deviation::Sample ? count - 1 : count;
    return freedom <= 0 ? make_null()
                        : make_double(arena, std::sqrt(squares / static_cast<double>(freedom)));
}

template <Deviation kWhich>
void StdDevState<kWhich>::save(bson::Builder& out, std::string_view name) const {
    out.begin_document(name);
    out.append("count", count);
    out.append("mean", mean);
    out.append("squares", squares);
    out.end();
}

template <Deviation kWhich>
Status StdDevState<kWhich>::merge(ValueView saved, Arena& /*memory*/) {
    const bson::View fields = saved.as_document();
    const std::int64_t other_count = fields.find("count").as_int64();
    if (other_count == 0) {
        return {};
    }
    const auto mine = static_cast<double>(count);
    const auto theirs = static_cast<double>(other_count);
    const double delta = fields.find("mean").as_double() - mean;
    squares += fields.find("squares").as_double() + delta * delta * mine * theirs / (mine + theirs);
    mean += delta * theirs / (mine + theirs);
    count += other_count;
    return {};
}

template struct StdDevState<Deviation::Population>;
template struct StdDevState<Deviation::Sample>;

Status MergeObjectsState::add(ValueView value, Arena& memory) {
    if (value.nullish()) {
        return {};
    }
    if (value.type() != Type::Document) {
        return fail(ErrorCode{40400}, "$mergeObjects requires object inputs");
    }
    if (merged.missing()) {
        merged.assign(value, memory);
        return {};
    }
    const bson::View known = merged.view().as_document();
    const bson::View added = value.as_document();
    Arena scratch;
    DocumentWriter out{scratch, known.byte_size() + added.byte_size()};
    for (const bson::Element& field : known) {
        const ValueView newer = added.find(field.name);
        out.append(field.name, newer.missing() ? field.value : newer);
    }
    for (const bson::Element& field : added) {
        if (!known.has(field.name)) {
            out.append(field.name, field.value);
        }
    }
    merged.assign(out.finish(), memory);
    return {};
}

ValueView MergeObjectsState::result(Arena& arena) const {
    return merged.missing() ? DocumentWriter{arena}.finish() : merged.view();
}

void MergeObjectsState::save(bson::Builder& out, std::string_view name) const {
    out.append(name, merged.missing() ? bson::View{}.as_value() : merged.view());
}

Status MergeObjectsState::merge(ValueView saved, Arena& memory) {
    return add(saved, memory);
}

}  // namespace plumb::query
