// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/auth/sasl_prep.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace plumb::auth {

namespace {

struct Range {
    char32_t first;
    char32_t last;  // inclusive
};

// Mapped to a space: RFC 3454, table C.1.2.
constexpr auto kSpaces = std::to_array<Range>({
    {0x00A0, 0x00A0},
    {0x1680, 0x1680},
    {0x2000, 0x200B},
    {0x202F, 0x202F},
    {0x205F, 0x205F},
    {0x3000, 0x3000},
});

// Mapped to nothing: RFC 3454, table B.1, without U+200B, which C.1.2 made a space before.
constexpr auto kVanishing = std::to_array<Range>({
    {0x00AD, 0x00AD},
    {0x034F, 0x034F},
    {0x1806, 0x1806},
    {0x180B, 0x180D},
    {0x200C, 0x200D},
    {0x2060, 0x2060},
    {0xFE00, 0xFE0F},
    {0xFEFF, 0xFEFF},
});

// Assigned in Unicode 3.2, written from left to right, no decomposition, never part of a
// composition with another of them. The gaps are characters that fail one of these.
constexpr auto kStable = std::to_array<Range>({
    {0x0020, 0x007E}, {0x00A1, 0x00A7}, {0x00A9, 0x00A9}, {0x00AB, 0x00AC}, {0x00AE, 0x00AE},
    {0x00B0, 0x00B1}, {0x00B6, 0x00B7}, {0x00BB, 0x00BB}, {0x00BF, 0x0131}, {0x0134, 0x013E},
    {0x0141, 0x0148}, {0x014A, 0x017E}, {0x0388, 0x038A},                    // Greek
    {0x038C, 0x038C}, {0x038E, 0x03A1}, {0x03A3, 0x03CE}, {0x0400, 0x0481},  // Cyrillic
    {0x048A, 0x04CE}, {0x0905, 0x0928},  // Devanagari without the letters that have a nukta
    {0x092A, 0x0930}, {0x0932, 0x0933}, {0x0935, 0x0939}, {0x093E, 0x094D}, {0x0964, 0x096F},
    {0x3041, 0x3094},                    // Hiragana, Katakana
    {0x30A1, 0x30FA}, {0x4E00, 0x9FA5},  // Han
    {0xAC00, 0xD7A3},                    // Hangul syllables
});

template <std::size_t kSize>
bool contains(const std::array<Range, kSize>& ranges, char32_t point) {
    const auto after =
        std::ranges::upper_bound(ranges, point, {}, [](const Range& range) { return range.first; });
    return after != ranges.begin() && point <= std::prev(after)->last;
}

struct Decoded {
    char32_t point = 0;
    std::size_t bytes = 0;  // 0: no UTF-8
};

// One code point; overlong forms and surrogates are none.
Decoded decode(std::string_view text) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) {
        return {lead, 1};
    }
    const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 0;
    if (bytes == 0 || lead > 0xF4 || text.size() < bytes) {
        return {};
    }
    char32_t point = lead & (0xFFU >> (bytes + 1));
    for (std::size_t at = 1; at < bytes; ++at) {
        if ((byte(at) & 0xC0U) != 0x80U) {
            return {};
        }
        point = (point << 6U) | (byte(at) & 0x3FU);
    }
    constexpr std::array<char32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    const bool possible = point >= kLeast[bytes] && point <= 0x10FFFF && !surrogate;
    return possible ? Decoded{point, bytes} : Decoded{};
}

}  // namespace

Result<std::string> sasl_prep(std::string_view password) {
    std::string out;
    for (std::size_t at = 0; at < password.size();) {
        const Decoded next = decode(password.substr(at));
        if (next.bytes == 0) {
            return fail(ErrorCode::BadValue,
                        fmt::format("the password is no UTF-8 at byte {}", at));
        }
        if (contains(kSpaces, next.point)) {
            out.push_back(' ');
        } else if (contains(kStable, next.point)) {
            out.append(password.substr(at, next.bytes));
        } else if (!contains(kVanishing, next.point)) {
            return fail(ErrorCode::BadValue,
                        fmt::format("the password has U+{:04X} at byte {}, which SCRAM-SHA-256 "
                                    "forbids or which would need Unicode normalization; use other "
                                    "characters, or mechanisms: [\"SCRAM-SHA-1\"]",
                                    static_cast<std::uint32_t>(next.point),
                                    at));
        }
        at += next.bytes;
    }
    return out;
}

}  // namespace plumb::auth
