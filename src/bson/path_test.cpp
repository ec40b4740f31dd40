// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/path.h"

#include "bson/builder.h"

#include <gtest/gtest.h>

namespace plumb::bson {
namespace {

TEST(Path, SplitsAtDots) {
    const Path path{"items.10.price"};
    ASSERT_EQ(path.size(), 3U);
    EXPECT_EQ(path.part(0), "items");
    EXPECT_EQ(path.part_position(1), 10);
    EXPECT_FALSE(path.part_is_index(2));
}

TEST(Path, TakesNoLeadingZeroOrSignForAPosition) {
    EXPECT_TRUE(Path{"0"}.part_is_index(0));
    for (const char* text : {"00", "01", "-1", "+1", "", "1a", "99999999999"}) {
        EXPECT_FALSE(Path{text}.part_is_index(0)) << text;
    }
}

TEST(Path, FindsThroughDocumentsOnly) {
    Builder builder;
    builder.begin_document("a").append("b", 1).end();
    builder.begin_array("c").push_document().append("b", 2).end().end();
    const Document document = builder.finish();
    EXPECT_EQ(find_plain(document, "a.b").as_int32(), 1);
    EXPECT_TRUE(find_plain(document, "c.b").missing());
    EXPECT_TRUE(find_plain(document, "a.b.c").missing());
}

}  // namespace
}  // namespace plumb::bson
