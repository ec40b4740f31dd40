// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/projection.h"

#include "engine/query/matcher.h"
#include "engine/query/query_test_support.h"

#include <gtest/gtest.h>

namespace plumb::query {
namespace {

std::string shown(std::string_view spec, std::string_view document) {
    const auto projection = Projection::parse(doc(spec), nullptr);
    if (!projection.ok()) {
        return "error " + std::to_string(static_cast<int>(projection.error().code()));
    }
    bson::Builder out;
    const bson::Document from = doc(document);
    EXPECT_TRUE(projection->apply(from, std::nullopt, out).ok());
    return text(out.finish());
}

constexpr std::string_view kOrder =
    R"({"_id": 1, "a": {"x": 1, "y": 2}, "b": [{"x": 1, "y": 1}, 5]})";

struct Case {
    std::string_view spec;
    std::string_view expected;
};

class ProjectionShows : public testing::TestWithParam<Case> {};

TEST_P(ProjectionShows, AsAsked) {
    EXPECT_EQ(shown(GetParam().spec, kOrder), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Specs,
    ProjectionShows,
    testing::Values(
        Case{R"({"a.x": 1})", R"({"_id": 1, "a": {"x": 1}})"},
        Case{R"({"a.x": 0})", R"({"_id": 1, "a": {"y": 2}, "b": [{"x": 1, "y": 1}, 5]})"},
        Case{R"({"b.x": 1, "_id": 0})", R"({"b": [{"x": 1}]})"},
        Case{R"({"b.x": 0, "a": 0})", R"({"_id": 1, "b": [{"y": 1}, 5]})"},
        Case{R"({"a": 1, "a.x": 1})", R"({"_id": 1, "a": {"x": 1}})"},
        Case{R"({"a.x": 1, "a": 1})", R"({"_id": 1, "a": {"x": 1, "y": 2}})"},
        Case{R"({"b": {"$slice": -1}, "a": 0})", R"({"_id": 1, "b": [5]})"},
        Case{R"({"b": {"$elemMatch": {"x": 1}}})", R"({"_id": 1, "b": [{"x": 1, "y": 1}]})"},
        Case{R"({"a": 1, "b": 0})", "error 2"},
        Case{R"({"a": {"$foo": 1}})", "error 2"},
        Case{R"({"b.$": 1})", "error 2"},
        Case{R"({"b.x": {"$elemMatch": {"y": 1}}})", "error 2"}));

TEST(Projection, ShowsTheElementThatMatched) {
    const auto filter = Matcher::parse(doc(R"({"b": 5})"));
    const auto projection = Projection::parse(doc(R"({"b.$": 1})"), &filter->root());
    ASSERT_TRUE(projection.ok());
    EXPECT_TRUE(projection->needs_position());
    const bson::Document order = doc(kOrder);
    std::optional<std::uint32_t> position;
    ASSERT_TRUE(filter->matches(order, position));
    bson::Builder out;
    ASSERT_TRUE(projection->apply(order, position, out).ok());
    EXPECT_EQ(text(out.finish()), R"({"_id": 1, "b": [5]})");
    EXPECT_EQ(projection->apply(order, std::nullopt, out).error().code(), ErrorCode::BadValue);
}

TEST(Projection, TellsWhatItNeeds) {
    const auto inclusion = Projection::parse(doc(R"({"a.x": 1, "b": 1})"), nullptr);
    EXPECT_TRUE(inclusion->is_simple_inclusion());
    EXPECT_EQ(inclusion->required_fields(), (std::set<std::string>{"_id", "a.x", "b"}));
    EXPECT_TRUE(Projection::parse(doc(R"({"a": 0})"), nullptr)->needs_whole_document());
    EXPECT_TRUE(Projection::parse(doc(R"({"a": {"$slice": 1}})"), nullptr)->needs_whole_document());
    EXPECT_TRUE(Projection::parse(doc(R"({"_id": 0})"), nullptr)->needs_whole_document());
}

}  // namespace
}  // namespace plumb::query
