// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/auth/sasl_prep.h"

#include <gtest/gtest.h>

#include <array>

namespace plumb::auth {
namespace {

struct Accepted {
    std::string_view password;
    std::string_view prepared;
};

TEST(SaslPrep, KeepsOrMapsWhatItKnows) {
    constexpr auto kCases = std::to_array<Accepted>({
        {"pencil", "pencil"},
        {"", ""},
        {"a b~!", "a b~!"},
        {"I\xC2\xADX", "IX"},  // RFC 4013, 3: a soft hyphen vanishes
        {"a\xC2\xA0"
         "b",
         "a b"},                                                     // a space that does not break
        {"\xC5\xBC\xC3\xB3\xC5\x82w", "\xC5\xBC\xC3\xB3\xC5\x82w"},  // żółw
        {"\xE0\xA4\xA8\xE0\xA4\xAE", "\xE0\xA4\xA8\xE0\xA4\xAE"},    // Devanagari
    });
    for (const Accepted& each : kCases) {
        const auto prepared = sasl_prep(each.password);
        ASSERT_TRUE(prepared.ok()) << each.password;
        EXPECT_EQ(*prepared, each.prepared);
    }
}

TEST(SaslPrep, RefusesWhatItCannotNormalize) {
    using std::string_view_literals::operator""sv;
    constexpr auto kCases = std::to_array<std::string_view>({
        "\x07"sv,  // RFC 4013, 3: control characters
        "a\0b"sv,
        "\x7F"sv,
        "\xC2\xAA"sv,          // U+00AA decomposes to "a"
        "\xE2\x85\xA8"sv,      // U+2168 decomposes to "IX"
        "e\xCC\x81"sv,         // a combining accent
        "\xD8\xA7"sv,          // from right to left
        "\xF0\x9F\x98\x80"sv,  // not assigned in Unicode 3.2
        "\xC0\x80"sv,          // overlong
        "\xED\xA0\x80"sv,      // a surrogate
        "\xC3"sv,
        "\x80"sv,
    });
    for (const std::string_view password : kCases) {
        const auto prepared = sasl_prep(password);
        ASSERT_FALSE(prepared.ok()) << password;
        EXPECT_EQ(prepared.error().code(), ErrorCode::BadValue);
    }
}

}  // namespace
}  // namespace plumb::auth
