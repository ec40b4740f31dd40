// SPDX-License-Identifier: GPL-3.0-or-later
// $mod and the bit tests: conditions on the integer that a number is.
#include "bson/number.h"
#include "engine/query/match_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace plumb::query {
namespace {

using bson::Element;
using bson::Type;
using bson::ValueView;

constexpr std::int64_t kInt64Min = std::numeric_limits<std::int64_t>::min();
constexpr double kTwoTo63 = 9223372036854775808.0;

// The server converts as its processor does: what does not fit, NaN too, is the least integer;
// decimals are rounded to even, doubles cut.
std::int64_t to_machine_int64(ValueView number) {
    if (number.type() == Type::Double) {
        const double value = number.as_double();
        const bool fits = value >= -kTwoTo63 && value < kTwoTo63;
        return fits ? static_cast<std::int64_t>(value) : kInt64Min;
    }
    if (number.type() == Type::Decimal128) {
        bson::DecimalFlags flags;
        const std::int64_t out =
            bson::decimal_to_int64(number.as_decimal(), bson::DecimalRounding::NearestEven, flags);
        return flags.invalid ? kInt64Min : out;
    }
    return bson::to_clamped_int64(number);
}

struct BitsRow {
    std::string_view name;
    MatchKind kind;
};

constexpr auto kBits = std::to_array<BitsRow>({
    {"$bitsAllClear", MatchKind::BitsAllClear},
    {"$bitsAllSet", MatchKind::BitsAllSet},
    {"$bitsAnyClear", MatchKind::BitsAnyClear},
    {"$bitsAnySet", MatchKind::BitsAnySet},
});

Status read_positions(ValueView list, MatchNode& node) {
    for (const Element& element : list.as_array()) {
        if (!element.value.is_number()) {
            return fail(ErrorCode::BadValue, "bit positions must be integers");
        }
        const auto position = bson::to_exact_int64(element.value);
        if (!position || *position < 0 || *position > std::numeric_limits<std::int32_t>::max()) {
            return fail(ErrorCode::BadValue, "bit positions must be integers from 0 to 2147483647");
        }
        node.bit_positions.push_back(static_cast<std::uint32_t>(*position));
    }
    return {};
}

Status read_mask(ValueView mask, MatchNode& node) {
    const auto bits = bson::to_exact_int64(mask);
    if (!bits || *bits < 0) {
        return fail(ErrorCode::FailedToParse, "a bit mask must be an integer of 0 or more");
    }
    for (std::uint32_t position = 0; position < 63; ++position) {
        if (((*bits >> position) & 1) != 0) {
            node.bit_positions.push_back(position);
        }
    }
    return {};
}

bool bit_of_bytes(std::string_view bytes, std::uint32_t position) {
    const std::size_t index = position / 8;
    if (index >= bytes.size()) {
        return false;
    }
    return ((static_cast<unsigned char>(bytes[index]) >> (position % 8)) & 1) != 0;
}

// Past the sixty-fourth bit an integer goes on with its sign.
bool bit_of_integer(std::int64_t number, std::uint32_t position) {
    return position >= 64 ? number < 0 : ((number >> position) & 1) != 0;
}

void read_binary(ValueView mask, MatchNode& node) {
    const std::string_view bytes = mask.as_binary().bytes;
    const auto bits = static_cast<std::uint32_t>(bytes.size() * 8);
    for (std::uint32_t position = 0; position < bits; ++position) {
        if (bit_of_bytes(bytes, position)) {
            node.bit_positions.push_back(position);
        }
    }
}

template <class BitAt>
bool test_positions(const MatchNode& node, const BitAt& bit_at) {
    const auto begin = node.bit_positions.begin();
    const auto end = node.bit_positions.end();
    switch (node.kind) {
        case MatchKind::BitsAllSet:
            return std::all_of(begin, end, bit_at);
        case MatchKind::BitsAllClear:
            return std::none_of(begin, end, bit_at);
        case MatchKind::BitsAnySet:
            return std::any_of(begin, end, bit_at);
        default:
            return !std::all_of(begin, end, bit_at);
    }
}

}  // namespace

Result<MatchNode> parse_mod(const FieldOperator& op) {
    if (op.operand.type() != Type::Array) {
        return fail(ErrorCode::BadValue, "malformed mod, needs to be an array");
    }
    const bson::ArrayView parts = op.operand.as_array();
    const ValueView divisor = parts.at(0);
    if (parts.count() != 2) {
        return fail(ErrorCode::BadValue, "malformed mod, needs two elements");
    }
    if (!divisor.is_number()) {
        return fail(ErrorCode::BadValue, "malformed mod, divisor not a number");
    }
    MatchNode node = make_leaf(MatchKind::Mod, op.path);
    node.number = to_machine_int64(divisor);
    // 4.2 takes a remainder that is no number as 0.
    node.remainder = parts.at(1).is_number() ? to_machine_int64(parts.at(1)) : 0;
    if (node.number == 0) {
        return fail(ErrorCode::BadValue, "divisor cannot be 0");
    }
    return node;
}

bool test_mod(const MatchNode& node, ValueView value) {
    if (!value.is_number()) {
        return false;
    }
    // Dividing the least integer by -1 overflows; any integer leaves 0.
    const std::int64_t rest = node.number == -1 ? 0 : to_machine_int64(value) % node.number;
    return rest == node.remainder;
}

Result<MatchNode> parse_bits(const FieldOperator& op) {
    const auto* const row = std::find_if(
        kBits.begin(), kBits.end(), [&op](const BitsRow& each) { return each.name == op.name; });
    MatchNode node = make_leaf(row->kind, op.path);
    if (op.operand.type() == Type::Array) {
        PLUMB_CHECK(read_positions(op.operand, node));
    } else if (op.operand.is_number()) {
        PLUMB_CHECK(read_mask(op.operand, node));
    } else if (op.operand.type() == Type::Binary) {
        read_binary(op.operand, node);
    } else {
        return fail(ErrorCode::BadValue,
                    fmt::format("{} takes an array, a number, or a BinData", op.name));
    }
    std::sort(node.bit_positions.begin(), node.bit_positions.end());
    return node;
}

bool test_bits(const MatchNode& node, ValueView value) {
    if (value.type() == Type::Binary) {
        const std::string_view bytes = value.as_binary().bytes;
        return test_positions(
            node, [bytes](std::uint32_t position) { return bit_of_bytes(bytes, position); });
    }
    if (!value.is_number()) {
        return false;
    }
    // A double counts only if it is an integer; a decimal is rounded to one.
    if (value.type() == Type::Double && !bson::to_exact_int64(value)) {
        return false;
    }
    const std::int64_t number = to_machine_int64(value);
    return test_positions(
        node, [number](std::uint32_t position) { return bit_of_integer(number, position); });
}

}  // namespace plumb::query
