// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/validate.h"

#include "bson/builder.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace plumb::bson {
namespace {

Document nested(int levels) {
    Builder builder;
    for (int i = 1; i < levels; ++i) {
        builder.begin_document("a");
    }
    for (int i = 1; i < levels; ++i) {
        builder.end();
    }
    return builder.finish();
}

TEST(Validate, AcceptsWhatTheBuilderWrites) {
    Builder builder;
    builder.append("a", 1).append("s", "text").begin_array("b").push(1.5).push_null().end();
    builder.append_binary("x", {0, ""}).append_regex("r", {"a", ""});
    const Document document = builder.finish();
    const std::string with_more = document.bytes() + "more";
    const auto view = validate(with_more);
    ASSERT_TRUE(view.ok()) << view.error().message();
    EXPECT_EQ(view->byte_size(), document.bytes().size());
}

TEST(Validate, RefusesEachBrokenForm) {
    const std::vector<std::string> broken{
        "",
        std::string("\x04\0\0\0", 4),          // shorter than a document
        std::string("\x05\0\0\0\x01", 5),      // no end
        std::string("\x06\0\0\0\0", 5),        // longer than the bytes
        std::string("\xff\xff\xff\xff\0", 5),  // negative length
        std::string("\x08\0\0\0\x20"
                    "a\0\0",
                    8),  // unknown type
        std::string("\x0b\0\0\0\x10"
                    "a\0\x01\0\0\0",
                    11),  // int32 cut short
        std::string("\x07\0\0\0\x0a"
                    "a\0",
                    7),  // name runs into the end
        std::string("\x0d\0\0\0\x02"
                    "a\0\x09\0\0\0x\0",
                    13),  // string longer than its room
        std::string("\x0c\0\0\0\x02"
                    "a\0\0\0\0\0\0",
                    12),  // string of length 0
        std::string("\x09\0\0\0\x08"
                    "a\0\x02\0",
                    9),  // boolean 2
        std::string("\x0d\0\0\0\x03"
                    "a\0\x06\0\0\0\0\0",
                    13),  // sub-document past its room
    };
    for (std::size_t i = 0; i < broken.size(); ++i) {
        const auto view = validate(broken[i]);
        ASSERT_FALSE(view.ok()) << "case " << i;
        EXPECT_EQ(view.error().code(), ErrorCode::InvalidBson) << "case " << i;
    }
}

TEST(Validate, BoundsTheNesting) {
    EXPECT_TRUE(validate(nested(100).bytes(), 100).ok());
    EXPECT_EQ(validate(nested(101).bytes(), 100).error().code(), ErrorCode::Overflow);
    EXPECT_EQ(validate(nested(5000).bytes(), 100).error().code(), ErrorCode::Overflow);
}

TEST(Utf8, TellsGoodFromBad) {
    EXPECT_TRUE(is_utf8("Zażółć 日本 🦆"));
    for (const char* bad :
         {"\xff", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc3"}) {
        EXPECT_FALSE(is_utf8(bad));
    }
}

}  // namespace
}  // namespace plumb::bson
