// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/auth/scram.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>

namespace plumb::auth {
namespace {

// A whole exchange as its standard prints it.
struct Example {
    Hash hash;
    std::string_view client_nonce;
    std::string_view server_nonce;
    std::string_view salt;  // base64
    std::string_view proof;
    std::string_view signature;
};
constexpr auto kExamples = std::to_array<Example>({
    // RFC 5802, 5
    {Hash::Sha1,
     "fyko+d2lbbFgONRv9qkxdawL",
     "3rfcNHYJY1ZVvWVs7j",
     "QSXCR+Q6sek8bf92",
     "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
     "rmF9pqV8S7suAoZWja4dJRkFsKQ="},
    // RFC 7677, 3
    {Hash::Sha256,
     "rOprNGfwEbeRWgbNEkqO",
     "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
     "W22ZaJ0SNY7soEsUEjb6gQ==",
     "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
     "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="},
});

ScramExchange begun(const Example& example) {
    auto exchange = ScramExchange::begin(
        example.hash, fmt::format("n,,n=user,r={}", example.client_nonce), example.server_nonce);
    PLUMB_ASSERT(exchange.ok());
    return std::move(exchange).value();
}

ScramCredentials credentials_of(const Example& example, std::string_view password = "pencil") {
    return derive_credentials(example.hash, password, *from_base64(example.salt), 4096);
}

std::string final_of(const Example& example, std::string_view proof) {
    return fmt::format("c=biws,r={}{},p={}", example.client_nonce, example.server_nonce, proof);
}

TEST(Scram, SpeaksAsItsStandardsPrintIt) {
    for (const Example& example : kExamples) {
        ScramExchange exchange = begun(example);
        EXPECT_EQ(exchange.user(), "user");
        EXPECT_EQ(
            exchange.challenge(credentials_of(example)),
            fmt::format(
                "r={}{},s={},i=4096", example.client_nonce, example.server_nonce, example.salt));
        const auto answer = exchange.verify(final_of(example, example.proof));
        ASSERT_TRUE(answer.ok());
        EXPECT_EQ(*answer, fmt::format("v={}", example.signature));
    }
}

TEST(Scram, RefusesTheProofOfAnotherPassword) {
    for (const Example& example : kExamples) {
        ScramExchange exchange = begun(example);
        static_cast<void>(exchange.challenge(credentials_of(example, "pencil2")));
        const auto answer = exchange.verify(final_of(example, example.proof));
        ASSERT_FALSE(answer.ok());
        EXPECT_EQ(answer.error().code(), ErrorCode::AuthenticationFailed);
    }
}

TEST(Scram, RefusesAnotherNonceAndAnotherBinding) {
    const Example& example = kExamples[1];
    ScramExchange exchange = begun(example);
    static_cast<void>(exchange.challenge(credentials_of(example)));
    const std::string other_nonce = fmt::format("c=biws,r=other,p={}", example.proof);
    const std::string other_binding = fmt::format(
        "c=eSws,r={}{},p={}", example.client_nonce, example.server_nonce, example.proof);
    for (const std::string& message : {other_nonce, other_binding}) {
        const auto answer = exchange.verify(message);
        ASSERT_FALSE(answer.ok());
        EXPECT_EQ(answer.error().code(), ErrorCode::AuthenticationFailed);
    }
}

TEST(Scram, DecodesNamesWithCommasAndEqualSigns) {
    const auto exchange = ScramExchange::begin(Hash::Sha256, "y,,n=a=2Cb=3Dc,r=x", "y");
    ASSERT_TRUE(exchange.ok());
    EXPECT_EQ(exchange->user(), "a,b=c");
}

TEST(Scram, RefusesBrokenFirstMessages) {
    const std::string long_name = fmt::format("n,,n={},r=x", std::string(5000, 'a'));
    const auto cases = std::to_array<std::string_view>({"",
                                                        "n",
                                                        "n,,",
                                                        "n,,n=a",
                                                        "n,,n=,r=x",
                                                        "n,,r=x",
                                                        "n,,n=a,r=",
                                                        "n,,n=a=2c,r=x",
                                                        "n,,n=a=,r=x",
                                                        "n,,n=a,r=x\x01",
                                                        "x,,n=a,r=x",
                                                        "p=tls-unique,,n=a,r=x",
                                                        "n,a=b,n=a,r=x",
                                                        "n,,m=ext,n=a,r=x",
                                                        long_name});
    for (const std::string_view message : cases) {
        const auto exchange = ScramExchange::begin(Hash::Sha1, message, "y");
        ASSERT_FALSE(exchange.ok()) << message;
        EXPECT_EQ(exchange.error().code(), ErrorCode::BadValue);
    }
}

TEST(Scram, RefusesBrokenFinalMessages) {
    const Example& example = kExamples[0];
    ScramExchange exchange = begun(example);
    static_cast<void>(exchange.challenge(credentials_of(example)));
    const std::string short_proof = final_of(example, "AAAA");
    const std::string too_long = final_of(example, std::string(5000, 'A'));
    const auto cases = std::to_array<std::string_view>({"",
                                                        "c=biws",
                                                        ",p=",
                                                        "c=biws,r=x,p=",
                                                        "c=biws,r=x,p=*",
                                                        "r=x,p=AAAA",
                                                        short_proof,
                                                        too_long});
    for (const std::string_view message : cases) {
        const auto answer = exchange.verify(message);
        ASSERT_FALSE(answer.ok()) << message;
        EXPECT_EQ(answer.error().code(), ErrorCode::BadValue);
    }
}

TEST(Scram, AnUnknownUserLooksTheSameEachTime) {
    const auto one = unknown_user_credentials(Hash::Sha256, "secret", "admin.nobody");
    const auto again = unknown_user_credentials(Hash::Sha256, "secret", "admin.nobody");
    const auto other = unknown_user_credentials(Hash::Sha256, "secret", "admin.somebody");
    EXPECT_EQ(one.salt, again.salt);
    EXPECT_NE(one.salt, other.salt);
    EXPECT_EQ(one.salt.size(), salt_bytes(Hash::Sha256));
    EXPECT_EQ(one.iterations, default_iterations(Hash::Sha256));
}

// hex(MD5("user:mongo:pencil")), computed with md5sum.
TEST(Scram, Sha1TakesMongosHashOfThePassword) {
    const auto prepared = prepare_password(Hash::Sha1, "user", "pencil");
    ASSERT_TRUE(prepared.ok());
    EXPECT_EQ(*prepared, "1c33006ec1ffd90f9cadcbcc0e118200");
}

}  // namespace
}  // namespace plumb::auth
