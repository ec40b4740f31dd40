// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/path_walk.h"

#include "engine/query/query_test_support.h"

#include <gtest/gtest.h>

namespace plumb::query {
namespace {

// What a walk visits, as "value@position" ("-" for Missing).
std::string visited(std::string_view json, std::string_view path, LeafArray leaf) {
    const bson::Document document = doc(json);
    std::string out;
    walk_path(document, bson::Path{path}, leaf, [&](bson::ValueView value, std::int64_t position) {
        out += out.empty() ? "" : " ";
        out += value.missing() ? "-" : bson::to_json(value);
        if (position != kNoPosition) {
            out += "@" + std::to_string(position);
        }
        return false;
    });
    return out;
}

struct Case {
    std::string_view document;
    std::string_view path;
    std::string_view expected;
};

class PathWalk : public testing::TestWithParam<Case> {};

TEST_P(PathWalk, VisitsElementsThenTheArray) {
    const Case& each = GetParam();
    EXPECT_EQ(visited(each.document, each.path, LeafArray::Elements), each.expected);
}

INSTANTIATE_TEST_SUITE_P(
    Paths,
    PathWalk,
    testing::Values(Case{R"({"a": 1})", "a", "1"},
                    Case{R"({"a": 1})", "b", "-"},
                    Case{R"({"a": 1})", "a.b", "-"},
                    Case{R"({"a": {"b": 2}})", "a.b", "2"},
                    Case{R"({"a": [1, 2]})", "a", "1@0 2@1 [1, 2]"},
                    Case{R"({"a": []})", "a", "[]"},
                    Case{R"({"a": []})", "a.b", ""},
                    Case{R"({"a": [{"b": 1}, 5, {"c": 1}]})", "a.b", "1@0 -@2"},
                    Case{R"({"a": [{"b": [1, 2]}]})", "a.b", "1@0 2@0 [1, 2]@0"},
                    Case{R"({"a": [[{"b": 1}]]})", "a.b", ""},
                    Case{R"({"a": [7, 8]})", "a.1", "8@1"},
                    Case{R"({"a": [[7, 8]]})", "a.0", "[7, 8]@0"},
                    Case{R"({"a": [{"0": 5}, 6]})", "a.0", "5@0 {\"0\": 5}@0"},
                    Case{R"({"a": [[{"b": 1}]]})", "a.0.b", "1@0"},
                    Case{R"({"a": [7, 8]})", "a.", "7@0 8@1 [7, 8]"},
                    Case{R"({"": 3})", "", "3"}));

TEST(PathWalk, MayLeaveAnArrayWhole) {
    EXPECT_EQ(visited(R"({"a": [1, 2]})", "a", LeafArray::Whole), "[1, 2]");
    EXPECT_EQ(visited(R"({"a": [{"b": [1]}, {"b": [2]}]})", "a.b", LeafArray::Whole),
              "[1]@0 [2]@1");
}

TEST(PathWalk, StopsWhenTheVisitorIsContent) {
    const bson::Document document = doc(R"({"a": [1, 2, 3]})");
    int visits = 0;
    const bool found = walk_path(document,
                                 bson::Path{"a"},
                                 LeafArray::Elements,
                                 [&](bson::ValueView, std::int64_t position) {
                                     ++visits;
                                     return position == 1;
                                 });
    EXPECT_TRUE(found);
    EXPECT_EQ(visits, 2);
}

}  // namespace
}  // namespace plumb::query
