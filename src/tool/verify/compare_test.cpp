// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/json.h"
#include "project/yaml_document.h"
#include "tool/verify/verify.h"

#include <gtest/gtest.h>

namespace plumb::verify {
namespace {

project::Strategy strategy(std::string_view yaml) {
    const auto root = project::parse_yaml(yaml, "strategy.yaml");
    EXPECT_TRUE(root.ok());
    auto read = project::read_strategy(*root);
    EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.error().message());
    return *std::move(read);
}

std::vector<project::IndexDefinition> indexes(std::initializer_list<const char*> documents) {
    std::vector<project::IndexDefinition> out;
    for (const char* json : documents) {
        auto index = project::index_from_server(*bson::from_json(json));
        EXPECT_TRUE(index.ok()) << json;
        out.push_back(*std::move(index));
    }
    return out;
}

constexpr const char* kId = R"({"v": 2, "key": {"_id": 1}, "name": "_id_"})";

constexpr std::string_view kStrategy = R"(
indexes:
  - {collection: users, key: {id: 1}}
  - {collection: users, key: {email: 1}, unique: true}
  - {collection: users, key: {role: 1}, priority: 2}
ignore: [users.temporary_*]
)";

// "name:mark" of each line of the only collection.
std::string marks(const Report& report) {
    std::string out;
    for (const CollectionReport& collection : report.collections) {
        for (const Line& line : collection.lines) {
            out += out.empty() ? "" : " ";
            out += line.name;
            out += ":";
            out += mark_name(line.mark);
        }
    }
    return out;
}

struct Case {
    const char* about;
    std::vector<project::IndexDefinition> found;
    const char* marks;
    bool drift;
};

TEST(Compare, MarksEachIndex) {
    const Case cases[] = {
        {"all there",
         indexes({kId,
                  R"({"key": {"id": 1}, "name": "id_1"})",
                  R"({"key": {"email": 1.0}, "name": "email_1", "unique": true})"}),
         "_id_:builtin id_1:ok email_1:ok",
         false},
        {"nothing there", {}, "id_1:missing email_1:missing", true},
        {"another name is adopted",
         indexes({kId,
                  R"({"key": {"id": 1}, "name": "by_id", "unique": false})",
                  R"({"key": {"email": 1}, "name": "email_1", "unique": true})"}),
         "_id_:builtin by_id:adopted email_1:ok",
         false},
        {"an index that is not unique does not do for a unique one",
         indexes({kId,
                  R"({"key": {"id": 1}, "name": "id_1"})",
                  R"({"key": {"email": 1}, "name": "email_1"})"}),
         "_id_:builtin id_1:ok email_1:different",
         true},
        {"an index that nobody declared",
         indexes({kId,
                  R"({"key": {"id": 1}, "name": "id_1"})",
                  R"({"key": {"email": 1}, "name": "email_1", "unique": true})",
                  R"({"key": {"x": 1}, "name": "x_1"})"}),
         "_id_:builtin id_1:ok email_1:ok x_1:extra",
         true},
        {"a pattern to ignore and a priority of later",
         indexes({kId,
                  R"({"key": {"id": 1}, "name": "id_1"})",
                  R"({"key": {"email": 1}, "name": "email_1", "unique": true})",
                  R"({"key": {"role": 1}, "name": "role_1"})",
                  R"({"key": {"x": 1}, "name": "temporary_x"})"}),
         "_id_:builtin id_1:ok email_1:ok role_1:later temporary_x:ignored",
         false},
    };
    for (const Case& each : cases) {
        const Report report = compare(strategy(kStrategy), {{"users", each.found}}, Options{});
        EXPECT_EQ(marks(report), each.marks) << each.about;
        EXPECT_EQ(report.drift, each.drift) << each.about;
    }
}

TEST(Compare, LooksForHigherPrioritiesWhenAsked) {
    Options options;
    options.priority = 2;
    const Report report = compare(strategy(kStrategy), {}, options);
    EXPECT_EQ(marks(report), "id_1:missing email_1:missing role_1:missing");
    EXPECT_EQ(report.checked, 3);
}

TEST(Compare, SaysFieldByFieldWhatDiffers) {
    const Report report = compare(
        strategy(kStrategy),
        {{"users", indexes({R"({"key": {"email": -1}, "name": "email_1", "sparse": true})"})}},
        Options{});
    EXPECT_EQ(report.collections.front().lines.front().detail,
              "key: wanted { email: 1 }, found { email: -1 }; unique: wanted true, found -; "
              "sparse: wanted -, found true");
}

TEST(Compare, NotesRedundantIndexesOnce) {
    const Report report = compare(strategy("indexes: []"),
                                  {{"orders",
                                    indexes({R"({"key": {"user_id": 1}, "name": "a"})",
                                             R"({"key": {"user_id": 1, "status": 1}, "name": "b"})",
                                             R"({"key": {"x": 1}, "name": "c"})",
                                             R"({"key": {"x": 7}, "name": "d"})"})}},
                                  Options{});
    const auto& lines = report.collections.front().lines;
    ASSERT_EQ(lines.size(), 4U);
    EXPECT_EQ(lines[0].redundant, "prefix of b");
    EXPECT_EQ(lines[1].redundant, "");
    EXPECT_EQ(lines[2].redundant, "");
    EXPECT_EQ(lines[3].redundant, "same key as c");
}

TEST(Compare, GivesEachDeclarationTheIndexThatIsExactlyIts) {
    const Report report =
        compare(strategy("indexes: [{collection: o, key: {a: 1}, unique: true, name: first}, "
                         "{collection: o, key: {a: 1}, name: second, partial: {b: 1}}]"),
                {{"o",
                  indexes({R"({"key": {"a": 1}, "name": "x", "partialFilterExpression": {"b": 1}})",
                           R"({"key": {"a": 1}, "name": "y", "unique": true})"})}},
                Options{});
    EXPECT_EQ(marks(report), "x:adopted y:adopted");
}

TEST(Compare, SaysWhereTheFieldsAreInAnotherOrder) {
    const Report report =
        compare(strategy("indexes: [{collection: o, key: {a: 1, b: 1}}, {collection: o, key: {c: "
                         "1, d: -1}}]"),
                {{"o",
                  indexes({R"({"key": {"b": 1, "a": 1}, "name": "b_1_a_1"})",
                           R"({"key": {"c": 1, "d": 1}, "name": "c_1_d_1"})"})}},
                Options{});
    const auto& lines = report.collections.front().lines;
    EXPECT_EQ(marks(report), "b_1_a_1:extra c_1_d_1:extra a_1_b_1:missing c_1_d_-1:missing");
    EXPECT_EQ(lines[0].detail, "a_1_b_1 of the strategy has these fields in another order");
    EXPECT_EQ(lines[1].detail, "c_1_d_-1 of the strategy has these fields in other directions");
    EXPECT_EQ(lines[2].detail, "b_1_a_1 has these fields in another order");
}

TEST(Compare, TellsWhyAnIndexIsKept) {
    const Report report = compare(strategy("indexes: []"),
                                  {{"o",
                                    indexes({R"({"key": {"a": 1}, "name": "u", "unique": true})",
                                             R"({"key": {"a": 1, "b": 1}, "name": "ab"})"})}},
                                  Options{});
    EXPECT_EQ(report.collections.front().lines[0].kept, "ab begins with its key; kept: unique");
    EXPECT_EQ(report.collections.front().lines[0].redundant, "");
}

TEST(Compare, ListsOtherCollectionsOnlyWithExtras) {
    const Report report =
        compare(strategy(kStrategy),
                {{"leads", indexes({kId})},
                 {"logs", indexes({kId, R"({"key": {"at": 1}, "name": "at_1"})"})}},
                Options{});
    ASSERT_EQ(report.collections.size(), 2U);
    EXPECT_EQ(report.collections[0].name, "users");
    EXPECT_EQ(report.collections[1].name, "logs");
}

}  // namespace
}  // namespace plumb::verify
