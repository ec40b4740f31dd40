// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/migration_file.h"

#include <gtest/gtest.h>

namespace plumb::project {
namespace {

Result<MigrationFile> read(std::string_view yaml) {
    PLUMB_TRY(root, parse_yaml(yaml, "003_x.yaml"));
    return read_migration(root, "003_x.yaml");
}

constexpr std::string_view kGood = R"(version: 3
name: add_things
up:
  - create_indexes:
      collection: users
      indexes:
        - {key: {email: 1}, unique: true, purpose: log-in}
  - drop_indexes: {collection: users, names: [old_1]}
)";

TEST(MigrationFile, ReadsItsOperations) {
    const auto file = read(kGood);
    ASSERT_TRUE(file.ok()) << file.error().message();
    EXPECT_EQ(file->number(), "003");
    EXPECT_EQ(file->title, "add things");
    ASSERT_EQ(file->up.size(), 2U);
    EXPECT_EQ(std::get<CreateIndexes>(file->up[0].body).indexes.front().name, "email_1");
    EXPECT_EQ(std::get<DropIndexes>(file->up[1].body).names, std::vector<std::string>{"old_1"});
}

TEST(MigrationFile, ChecksumFollowsWhatItDoesNotHowItIsWritten) {
    const std::string good{kGood};
    const std::string before = read(good)->checksum();
    const auto with = [&good](std::string_view from, std::string_view to) {
        std::string changed = good;
        changed.replace(changed.find(from), from.size(), to);
        return read(changed)->checksum();
    };
    EXPECT_EQ(with("name: add_things", "# a comment\nname:   add_things"), before);
    EXPECT_EQ(with("purpose: log-in", "purpose: other"), before);
    EXPECT_EQ(with("unique: true", "name: email_1, unique: true"), before);
    EXPECT_NE(with("unique: true", "unique: false"), before);
    EXPECT_NE(with("email: 1", "email: -1"), before);
    EXPECT_NE(with("old_1", "old_2"), before);
}

TEST(MigrationFile, SaysWhereItIsWrong) {
    struct Case {
        const char* yaml;
        int line;
        int column;
    };
    const Case cases[] = {
        {"name: x\nup: []", 1, 1},
        {"version: x\nname: x\nup: []", 1, 10},
        {"version: 4\nname: x\nup: []", 1, 10},
        {"version: 3\nname: x\nup: []", 3, 5},
        {"version: 3\nname: x\ndown: []\nup: []", 3, 1},
        {"version: 3\nname: x\nup:\n  - make_indexes: {}", 4, 5},
        {"version: 3\nname: x\nup:\n  - create_indexes: {collection: c}", 4, 21},
        {"version: 3\nname: x\nup:\n  - create_indexes: {collection: c, indexes: [{key: {a: 0}}]}",
         4,
         57},
        {"version: 3\nname: x\nup:\n"
         "  - create_indexes: {collection: c, indexes: [{key: {a: 1}}, {key: {a: 1}}]}",
         4,
         62},
        {"version: 3\nname: x\nup:\n  - create_indexes: {collection: c, on: 1, indexes: []}",
         4,
         37},
        {"version: 3\nname: x\nup:\n  - drop_indexes: {collection: c, names: [_id_]}", 4, 43},
    };
    for (const Case& each : cases) {
        const auto file = read(each.yaml);
        ASSERT_FALSE(file.ok()) << each.yaml;
        EXPECT_EQ(file.error().code(), ErrorCode::ProjectFileInvalid);
        const bson::View details{std::string_view{file.error().details()}};
        EXPECT_EQ(details.find("line").as_int32(), each.line) << each.yaml;
        EXPECT_EQ(details.find("column").as_int32(), each.column) << each.yaml;
    }
}

TEST(MigrationFile, KnowsOperationsThatCannotRunYet) {
    const auto file = read("version: 3\nname: x\nup:\n  - set_validator: {collection: c}");
    ASSERT_FALSE(file.ok());
    EXPECT_EQ(file.error().message(),
              "003_x.yaml:4:5: operation set_validator is not available yet");
}

}  // namespace
}  // namespace plumb::project
