// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/migration_file_text.h"

#include "bson/json.h"
#include "project/migration_changes_text.h"
#include "project/migration_file.h"

#include <gtest/gtest.h>

namespace plumb::project {
namespace {

Result<MigrationFile> read(const std::string& yaml) {
    PLUMB_TRY(root, parse_yaml(yaml, "007_x.yaml"));
    return read_migration(root, "007_x.yaml");
}

const MigrationHead kHead{7, "x", "why: because"};

TEST(MigrationText, ACommentedFileAsksForAnOperation) {
    const auto file = read(commented_migration(kHead));
    ASSERT_FALSE(file.ok());
    EXPECT_NE(file.error().message().find("'up'"), std::string::npos) << file.error().message();
}

TEST(MigrationText, EachCommentedOperationWorksOnceItIsUncommented) {
    std::string text = commented_migration(kHead);
    for (std::size_t at = text.find("  # - "); at != std::string::npos;
         at = text.find("  # - ", at)) {
        text.replace(at, 6, "  - ");
    }
    const auto file = read(text);
    ASSERT_TRUE(file.ok()) << file.error().message();
    EXPECT_EQ(file->description, "why: because");
    EXPECT_EQ(file->up.size(), 18U);
}

TEST(MigrationText, IndexesComeBackAsTheyWere) {
    const auto node = parse_yaml(
        "{key: {a.b: 1, c: -1}, name: short, unique: true, partial: {c: {$gt: ''}}, collation: "
        "{locale: en}, purpose: 'log-in, \"fast\": yes'}",
        "i.yaml");
    ASSERT_TRUE(node.ok());
    const auto index = read_index(*node);
    ASSERT_TRUE(index.ok()) << index.error().message();
    const auto file = read(migration_of_indexes(kHead, {{"users", {*index}}}));
    ASSERT_TRUE(file.ok()) << file.error().message();
    const auto& read_back = std::get<CreateIndexes>(file->up.front().body).indexes.front();
    EXPECT_EQ(describe(differences(*index, read_back, true)), "");
    EXPECT_EQ(read_back.purpose, index->purpose);
}

TEST(MigrationText, ChangesOfIndexesAreReadBack) {
    CreateIndexes create;
    create.on_conflict = OnConflict::Replace;
    const auto node = parse_yaml("{key: {a: 1}, sparse: true}", "i.yaml");
    create.indexes.push_back(*read_index(*node));
    const auto options = bson::from_json("{index: {name: 'a: 1', expireAfterSeconds: 60}}");
    const auto file = read(migration_of_changes(kHead,
                                                {{"users", create, "two\nlines"},
                                                 {"users", DropIndexes{{"x_1", "no"}}, ""},
                                                 {"a.b", HideIndex{"x_1"}, ""},
                                                 {"users", UnhideIndex{"yes"}, "hidden by hand"},
                                                 {"users", SetOptions{*options}, ""}}));
    ASSERT_TRUE(file.ok()) << file.error().message();
    ASSERT_EQ(file->up.size(), 5U);
    EXPECT_EQ(std::get<CreateIndexes>(file->up[0].body).on_conflict, OnConflict::Replace);
    EXPECT_TRUE(std::get<CreateIndexes>(file->up[0].body).indexes.front().sparse);
    EXPECT_EQ(std::get<DropIndexes>(file->up[1].body).names,
              (std::vector<std::string>{"x_1", "no"}));
    EXPECT_EQ(file->up[2].collection, "a.b");
    EXPECT_EQ(std::get<UnhideIndex>(file->up[3].body).name, "yes");
    EXPECT_EQ(bson::to_json(std::get<SetOptions>(file->up[4].body).options.view()),
              bson::to_json(options->view()));
}

TEST(MigrationText, DeletesKeepTheTypesOfIds) {
    const bson::ObjectId id{};
    const std::vector<bson::Value> ids{
        bson::Value{id}, bson::Value{"a: b"}, bson::Value{std::int64_t{1} << 40}};
    const auto file = read(migration_of_deletes(kHead, "users", ids));
    ASSERT_TRUE(file.ok()) << file.error().message();
    const auto& filter = std::get<Delete>(file->up.front().body).filter;
    const bson::ArrayView list = filter.find("_id").as_document().find("$in").as_array();
    EXPECT_EQ(list.at(0).type(), bson::Type::ObjectId);
    EXPECT_EQ(list.at(1).as_string(), "a: b");
    EXPECT_EQ(list.at(2).type(), bson::Type::Int64);
}

TEST(MigrationText, NamesAreWordsWithUnderscores) {
    EXPECT_EQ(migration_name("Add Users-Index"), "add_users_index");
    EXPECT_EQ(migration_name("--"), "");
    EXPECT_EQ(yaml_text("orders by day"), "orders by day");
    EXPECT_EQ(yaml_text("true"), "\"true\"");
    EXPECT_EQ(yaml_text("a, b"), "\"a, b\"");
}

}  // namespace
}  // namespace plumb::project
