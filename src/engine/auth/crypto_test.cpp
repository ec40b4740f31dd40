// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/auth/crypto.h"

#include <gtest/gtest.h>

#include <array>

namespace plumb::auth {
namespace {

std::string hex(std::string_view bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    for (const char each : bytes) {
        const auto byte = static_cast<unsigned char>(each);
        out.push_back(kDigits[byte >> 4U]);
        out.push_back(kDigits[byte & 15U]);
    }
    return out;
}

// RFC 2202, test case 2; RFC 4231, test case 2.
TEST(Crypto, HmacGivesTheValuesOfItsStandard) {
    constexpr std::string_view kText = "what do ya want for nothing?";
    EXPECT_EQ(hex(hmac(Hash::Sha1, "Jefe", kText)), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    EXPECT_EQ(hex(hmac(Hash::Sha256, "Jefe", kText)),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

// RFC 6070, test case 2.
TEST(Crypto, StretchingGivesTheValueOfItsStandard) {
    EXPECT_EQ(hex(stretch(Hash::Sha1, "password", "salt", 2)),
              "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957");
}

TEST(Crypto, SecretsAreEqualByAllTheirBytes) {
    EXPECT_TRUE(equal_secrets("abc", "abc"));
    EXPECT_FALSE(equal_secrets("abc", "abd"));
    EXPECT_FALSE(equal_secrets("abc", "ab"));
    EXPECT_TRUE(equal_secrets("", ""));
}

TEST(Crypto, RandomBytesDiffer) {
    const auto one = random_bytes(16);
    const auto other = random_bytes(16);
    ASSERT_TRUE(one.ok() && other.ok());
    EXPECT_EQ(one->size(), 16U);
    EXPECT_NE(*one, *other);
}

TEST(Crypto, Base64ReadsWhatItWrites) {
    for (const std::string_view bytes : {"", "f", "fo", "foo", "foob", "\xff\xfe\x01"}) {
        EXPECT_EQ(from_base64(to_base64(bytes)), std::string{bytes});
    }
}

TEST(Crypto, Base64RefusesEverythingElse) {
    constexpr auto kBroken = std::to_array<std::string_view>(
        {"Zg", "Zg=", "Z===", "====", "Zm9v\n", " Zm9v", "Zh==", "Zm=v", "Zm9vZ", "Zm9*"});
    for (const std::string_view text : kBroken) {
        EXPECT_EQ(from_base64(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace plumb::auth
