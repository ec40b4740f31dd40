// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/hashed_index.h"

#include "bson/json.h"
#include "bson/md5.h"

#include <gtest/gtest.h>

#include <string>

namespace plumb::bson {
namespace {

std::string md5_hex(std::string_view text) {
    Md5 digest;
    digest.add(text);
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    for (const std::uint8_t byte : digest.finish()) {
        out.push_back(kDigits[byte >> 4U]);
        out.push_back(kDigits[byte & 0xFU]);
    }
    return out;
}

// The test suite of RFC 1321, and texts around the block size.
TEST(Md5, GivesTheDigestsOfTheStandard) {
    EXPECT_EQ(md5_hex(""), "d41d8cd98f00b204e9800998ecf8427e");
    EXPECT_EQ(md5_hex("abc"), "900150983cd24fb0d6963f7d28e17f72");
    EXPECT_EQ(md5_hex("abcdefghijklmnopqrstuvwxyz"), "c3fcd3d76192e4007dfb496cca67e13b");
    EXPECT_EQ(md5_hex("1234567890123456789012345678901234567890123456789012345678901234567890123456"
                      "7890"),
              "57edf4a22be3c955ac49da2e2107b67a");
    EXPECT_EQ(md5_hex(std::string(55, 'a')), "ef1772b6dff9a122358552954ad0df65");
    EXPECT_EQ(md5_hex(std::string(64, 'a')), "014842d480b571495a4a0363793f7367");
}

std::int64_t hash_of(std::string_view json) {
    const Document document = *from_json(json);
    return hashed_index_value(document.find("a"));
}

// Recorded from MongoDB 4.2's explain.
TEST(HashedIndex, GivesMongoDbsHashes) {
    EXPECT_EQ(hash_of("{a: 1}"), 5902408780260971510);
    EXPECT_EQ(hash_of("{a: 0}"), 4854801880128277513);
}

TEST(HashedIndex, IsTheSameForNumbersOfAllTypes) {
    EXPECT_EQ(hash_of("{a: 2}"), hash_of("{a: {$numberLong: '2'}}"));
    EXPECT_EQ(hash_of("{a: 2}"), hash_of("{a: 2.5}"));
    EXPECT_EQ(hash_of("{a: 2}"), hash_of("{a: {$numberDecimal: '2.0'}}"));
    EXPECT_EQ(hash_of("{a: {b: 2}}"), hash_of("{a: {b: 2.0}}"));
    EXPECT_EQ(hash_of("{b: 1}"), hash_of("{a: null}"));
    EXPECT_NE(hash_of("{a: {b: 2}}"), hash_of("{a: {c: 2}}"));
    EXPECT_NE(hash_of("{a: {b: 2}}"), hash_of("{a: [2]}"));
}

}  // namespace
}  // namespace plumb::bson
