// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"

#include <gtest/gtest.h>

#include <limits>

namespace plumb::bson {
namespace {

TEST(Builder, WritesTheBytesOfTheSpecification) {
    Builder builder;
    builder.append("hello", "world");
    EXPECT_EQ(builder.finish().bytes(),
              std::string("\x16\0\0\0\x02hello\0\x06\0\0\0world\0\0", 0x16));
}

TEST(Builder, NumbersArrayElementsThroughTenAndMore) {
    Builder builder;
    builder.begin_array("a");
    for (std::int32_t i = 0; i < 12; ++i) {
        builder.push(i);
    }
    builder.end();
    const Document document = builder.finish();
    std::int32_t expected = 0;
    for (const Element& element : document.find("a").as_array()) {
        EXPECT_EQ(element.name, std::to_string(expected));
        EXPECT_EQ(element.value.as_int32(), expected++);
    }
    EXPECT_EQ(expected, 12);
}

TEST(Builder, ReadsBackEachScalar) {
    const ObjectId id = generate_object_id();
    Builder builder;
    builder.append("d", 1.5).append("i", 7).append("l", std::int64_t{1} << 40).append("b", true);
    builder.append("s", std::string_view{"a\0b", 3}).append("t", Date{1769521530123});
    builder.append("ts", Timestamp{5, 6}).append("o", id).append_null("n");
    builder.append_binary("x", {4, "bytes"}).append_regex("r", {"^a", "i"});
    const Document document = builder.finish();
    EXPECT_EQ(document.find("d").as_double(), 1.5);
    EXPECT_EQ(document.find("i").as_int32(), 7);
    EXPECT_EQ(document.find("l").as_int64(), std::int64_t{1} << 40);
    EXPECT_TRUE(document.find("b").as_bool());
    EXPECT_EQ(document.find("s").as_string(), (std::string_view{"a\0b", 3}));
    EXPECT_EQ(document.find("t").as_date().ms, 1769521530123);
    EXPECT_EQ(document.find("ts").as_timestamp(), (Timestamp{5, 6}));
    EXPECT_EQ(document.find("o").as_object_id(), id);
    EXPECT_EQ(document.find("n").type(), Type::Null);
    EXPECT_EQ(document.find("x").as_binary().bytes, "bytes");
    EXPECT_EQ(document.find("x").as_binary().subtype, 4);
    EXPECT_EQ(document.find("r").as_regex().pattern, "^a");
    EXPECT_EQ(document.find("r").as_regex().options, "i");
    EXPECT_TRUE(document.find("absent").missing());
}

TEST(Builder, StartsAnewAfterFinish) {
    Builder builder;
    builder.append("a", 1);
    (void)builder.finish();
    builder.append("b", 2);
    EXPECT_FALSE(builder.finish().has("a"));
}

}  // namespace
}  // namespace plumb::bson
