// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/copy/content_hash.h"

#include "bson/json.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string_view>

namespace plumb::copy {
namespace {

Contents contents_of(std::initializer_list<std::string_view> documents) {
    Contents out;
    for (const std::string_view text : documents) {
        out.add(bson::from_json(text).value());
    }
    return out;
}

TEST(Contents, DoNotDependOnTheOrder) {
    EXPECT_EQ(contents_of({R"({"_id": 1})", R"({"_id": 2})", R"({"_id": 3})"}),
              contents_of({R"({"_id": 3})", R"({"_id": 1})", R"({"_id": 2})"}));
}

TEST(Contents, TellWhatIsLostDoubledOrAltered) {
    const Contents whole = contents_of({R"({"_id": 1})", R"({"_id": 2})"});
    EXPECT_NE(whole, contents_of({R"({"_id": 1})"}));
    EXPECT_NE(whole.hash_text(), contents_of({R"({"_id": 1})", R"({"_id": 1})"}).hash_text());
    EXPECT_NE(whole.hash_text(), contents_of({R"({"_id": 1})", R"({"_id": 2.0})"}).hash_text());
}

TEST(Contents, AreNothingAtFirst) {
    EXPECT_EQ(Contents{}.hash_text(), "00000000000000000000000000000000");
}

}  // namespace
}  // namespace plumb::copy
