// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/document.h"

#include "bson/builder.h"
#include "bson/hash.h"

#include <gtest/gtest.h>

namespace plumb::bson {
namespace {

TEST(Document, IsEmptyByDefault) {
    EXPECT_TRUE(Document{}.empty());
    EXPECT_TRUE(View{}.empty());
    EXPECT_EQ(View{}.count(), 0U);
}

TEST(Document, CountsItsFields) {
    Builder builder;
    builder.append("a", 1).append_null("b").append("c", "x");
    EXPECT_EQ(builder.finish().view().count(), 3U);
}

TEST(Hash, AgreesWithEqualityByValue) {
    EXPECT_EQ(hash_value(Value{1}), hash_value(Value{1.0}));
    EXPECT_EQ(hash_value(Value{1}), hash_value(Value{*decimal_from_string("1.00")}));
    EXPECT_EQ(hash_value(Value{0.0}), hash_value(Value{-0.0}));
    EXPECT_NE(hash_value(Value{1}), hash_value(Value{2}));
    EXPECT_NE(hash_value(Value{"1"}), hash_value(Value{1}));
}

}  // namespace
}  // namespace plumb::bson
