// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/json.h"
#include "tool/generate/data_file.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace plumb::generate {
namespace {

constexpr std::string_view kData = R"(schema: 1
seed: 3
collections:
  authors:
    per_scale: 0.1
    fields:
      id: {id: aut_}
  articles:
    fields:
      id: {id: art_}
      author_id: {ref: authors.id, zipf: true}
      status: {one_of: {published: 9, draft: 1}}
      tags: {list: {word: 50, zipf: true}, count: [0, 4], distinct: true}
      at: {date: [-10, 0], ascending: true}
      day: {day: [-3, 0]}
      views: {int: [0, 1000], skew: 4}
      rating: {double: [1, 5], decimals: 1}
      comments: {list: {fields: {by: {ref: authors.id}, ok: {bool: 0.5}}}, count: 2}
      deleted: {bool: 1, present: 0.1}
)";

class DataMade : public testing::Test {
  protected:
    std::vector<bson::Document> made(std::size_t collection) const {
        const DataMaker maker{data_, {400, data_.seed, *parse_day("2026-01-27")}};
        std::vector<bson::Document> out;
        bson::Builder builder;
        for (std::uint64_t place = 0; place < maker.count(collection); ++place) {
            out.emplace_back(maker.make(collection, place, builder));
        }
        return out;
    }

    DataFile data_ = *parse_data_file(kData, "data.yaml");
};

TEST_F(DataMade, GivesTheSameDocumentsEveryTime) {
    const auto one = made(1);
    const auto two = made(1);
    ASSERT_EQ(one.size(), 400U);
    for (std::size_t at = 0; at < one.size(); ++at) {
        EXPECT_EQ(one[at].bytes(), two[at].bytes());
    }
}

TEST_F(DataMade, RefersToWhatIsThereAndToSomeMoreOftenThanToOthers) {
    std::map<std::string, int> articles_of;
    for (const bson::Document& author : made(0)) {
        articles_of.emplace(author.view().find("id").as_string(), 0);
    }
    ASSERT_EQ(articles_of.size(), 40U);
    for (const bson::Document& article : made(1)) {
        const auto author =
            articles_of.find(std::string{article.view().find("author_id").as_string()});
        ASSERT_NE(author, articles_of.end());
        ++author->second;
    }
    int most = 0;
    for (const auto& [id, articles] : articles_of) {
        most = std::max(most, articles);
    }
    EXPECT_GT(most, 40) << "ten would be even";
}

TEST_F(DataMade, KeepsToWhatTheFileSays) {
    std::int64_t earlier = 0;
    int drafts = 0;
    int deleted = 0;
    for (const bson::Document& article : made(1)) {
        const bson::View view = article.view();
        drafts += view.find("status").as_string() == "draft" ? 1 : 0;
        deleted += view.has("deleted") ? 1 : 0;
        EXPECT_GE(view.find("at").as_date().ms, earlier);
        earlier = view.find("at").as_date().ms;
        std::set<std::string> tags;
        for (const bson::Element& tag : view.find("tags").as_container()) {
            EXPECT_TRUE(tags.emplace(tag.value.as_string()).second);
        }
        EXPECT_LE(tags.size(), 4U);
        EXPECT_EQ(view.find("comments").as_container().count(), 2U);
        EXPECT_GE(view.find("rating").as_double(), 1);
        EXPECT_LE(view.find("rating").as_double(), 5);
    }
    EXPECT_NEAR(drafts, 40, 25);
    EXPECT_NEAR(deleted, 40, 25);
}

struct BadCase {
    std::string_view name;
    std::string_view fields;
    std::string_view complaint;
};

class DataFileErrors : public testing::TestWithParam<BadCase> {};

TEST_P(DataFileErrors, NamesThePlace) {
    const auto data = parse_data_file("schema: 1\ncollections:\n  a:\n    fields:\n      x: " +
                                          std::string{GetParam().fields} + "\n",
                                      "data.yaml");
    ASSERT_FALSE(data.ok());
    EXPECT_EQ(data.error().code(), ErrorCode::ProjectFileInvalid);
    EXPECT_NE(data.error().message().find("data.yaml:"), std::string::npos);
    EXPECT_NE(data.error().message().find(GetParam().complaint), std::string::npos)
        << data.error().message();
}

INSTANTIATE_TEST_SUITE_P(
    All,
    DataFileErrors,
    testing::Values(BadCase{"nothing", "{}", "made by one of"},
                    BadCase{"two", "{int: 1, word: 5}", "or by"},
                    BadCase{"reference", "{ref: authors.id}", "no collection authors"},
                    BadCase{"range", "{int: [5, 1]}", "from is greater"},
                    BadCase{"list", "{list: {int: 1}}", "count"},
                    BadCase{"weight", "{one_of: {a: 0}}", "above 0"},
                    BadCase{"unknown", "{int: 1, zip: true}", "unknown key"}),
    [](const auto& each) { return std::string{each.param.name}; });

}  // namespace
}  // namespace plumb::generate
