// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/migration_file.h"

#include "bson/json.h"
#include "project/migration_file_internal.h"
#include "project/migration_keys.h"
#include "project/migration_schema.h"

#include <gtest/gtest.h>

#include <algorithm>

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

TEST(MigrationFile, ReadsTheAllowedCodes) {
    const auto file = read(
        "version: 3\nname: x\nallow: [GAP, MISSING_PURPOSE]\nup:\n"
        "  - drop_collection: {collection: c}");
    ASSERT_TRUE(file.ok()) << file.error().message();
    EXPECT_TRUE(file->allows("GAP"));
    EXPECT_FALSE(file->allows("OTHER"));
    EXPECT_EQ(file->allow.back().position.column, 14);
}

// An operation as the only one of a migration, in flow style.
Result<Operation> read_one(std::string_view operation) {
    PLUMB_TRY(file, read("version: 3\nname: x\nup:\n  - " + std::string{operation}));
    return file.up.front();
}

TEST(MigrationFile, ReadsTheExampleOfEachOperation) {
    for (const OperationKeys& row : operation_keys()) {
        const auto operation = read_one(row.example);
        ASSERT_TRUE(operation.ok()) << operation.error().message();
        EXPECT_EQ(operation->kind, row.kind);
    }
}

TEST(MigrationFile, ReadsWhatOperationsSay) {
    const auto add = read_one(
        "add_field: {collection: c, fields: {a: {value: null}, b: {expression: "
        "$x}}, filter: {y: 1}}");
    ASSERT_TRUE(add.ok()) << add.error().message();
    const auto& body = std::get<AddField>(add->body);
    ASSERT_EQ(body.fields.size(), 2U);
    EXPECT_EQ(body.fields[0].value.view().type(), bson::Type::Null);
    EXPECT_TRUE(body.fields[0].expression.view().missing());
    EXPECT_EQ(body.fields[1].expression.view().as_string(), "$x");
    EXPECT_TRUE(body.filter.has("y"));

    const auto link = read_one("link: {from: d, to: o, on: {o_id: _id}, set: {order_id: id}}");
    ASSERT_TRUE(link.ok()) << link.error().message();
    EXPECT_EQ(link->collection, "d");
    EXPECT_EQ(std::get<Link>(link->body).on.front().second, "_id");

    const auto native = read_one("native: link_users");
    ASSERT_TRUE(native.ok());
    EXPECT_EQ(std::get<Native>(native->body).class_name, "link_users");
    EXPECT_TRUE(native->collection.empty());
}

TEST(MigrationFile, ChecksumOf003IsTheOneOfTheFirstLedgers) {
    EXPECT_EQ(read(kGood)->checksum(), read(std::string{kGood} + "description: d\n")->checksum());
    const auto stop = read_one("create_indexes: {collection: c, indexes: [{key: {a: 1}}]}");
    bson::Builder out;
    append_canonical(out, *stop);
    EXPECT_EQ(bson::to_json(out.finish()),
              "{\"create_indexes\": {\"collection\": \"c\", \"indexes\": [{\"key\": {\"a\": 1}, "
              "\"name\": \"a_1\"}]}}");
}

TEST(MigrationFile, SaysWhereAnOperationIsWrong) {
    struct Case {
        const char* operation;
        int column;  // in the line `  - …`
        const char* text;
    };
    // clang-format off
    const Case cases[] = {
        {"create_index: {collection: c}",                          5, "did you mean 'create_indexes'?"},
        {"drop_indexes: {colection: c, names: [a]}",              20, "did you mean 'collection'?"},
        {"create_indexes: {collection: c, indexes: [{key: {a: 1}, uniqe: true}]}", 61, "did you mean 'unique'?"},
        {"create_indexes: {collection: c, on_conflict: replce, indexes: [{key: {a: 1}}]}", 50, "did you mean 'replace'?"},
        {"create_indexes: {collection: c, indexes: [{key: {a: 1}}], commit_quorum: -1}", 78, "commit_quorum"},
        {"drop_indexes: {collection: c, names: [a, a]}",          46, "twice"},
        {"hide_index: {collection: c, name: _id_}",               39, "cannot be changed"},
        {"drop_collection: {collection: _plumb_lock}",            35, "no collection of the application"},
        {"rename_collection: {collection: c, to: c}",             44, "that name already"},
        {"rename_collection: {collection: c}",                    24, "'to' is missing"},
        {"create_collection: {collection: c, options: {caped: true}}", 50, "did you mean 'capped'?"},
        {"set_options: {collection: c, options: {}}",             43, "nothing to set"},
        {"set_validator: {collection: c, validator: {}, action: warning}", 59, "is not one of"},
        {"add_field: {collection: c, field: a}",                  16, "either a value or an expression"},
        {"add_field: {collection: c, field: a, value: 1, expression: $b}", 16, "either a value or an expression"},
        {"add_field: {collection: c, value: 1}",                  16, "either 'field' or 'fields'"},
        {"add_field: {collection: c, field: _id, value: 1}",      39, "no field"},
        {"add_field: {collection: c, field: a..b, value: 1}",     39, "no field"},
        {"add_field: {collection: c, fields: {a: {value: 1}, a.b: {value: 1}}}", 56, "one holds the other"},
        {"add_field: {collection: c, fields: {a: {valeu: 1}}}",   45, "did you mean 'value'?"},
        {"copy_field: {collection: c, from: a, to: a.b}",         46, "one holds the other"},
        {"rename_field: {collection: c, from: a, to: $b}",        48, "no field"},
        {"rename_field: {collection: c, from: a, to: b, filter: {}}", 51, "unknown key 'filter'"},
        {"remove_field: {collection: c, fields: []}",             43, "at least one"},
        {"link: {from: a, to: b, on: {}, set: {x: y}}",           32, "at least one pair"},
        {"link: {from: a, to: b, on: {x: y}, set: {_id: y}}",     46, "no field"},
        {"transform: {collection: c, pipeline: [{$sett: {a: 1}}]}", 44, "did you mean '$set'?"},
        {"transform: {collection: c, pipeline: []}",              42, "list of stages"},
        {"delete: {collection: c}",                               13, "'filter' is missing"},
        {"run: {up: {collMod: c}}",                               10, "'down' is missing: the command that undoes it"},
        {"run: {up: {}, down: {a: 1}}",                           15, "not an empty map"},
        {"native: two words",                                     13, "no name of a class"},
    };
    // clang-format on
    for (const Case& each : cases) {
        const auto operation = read_one(each.operation);
        ASSERT_FALSE(operation.ok()) << each.operation;
        EXPECT_NE(operation.error().message().find(each.text), std::string::npos)
            << each.operation << "\n"
            << operation.error().message();
        const bson::View details{std::string_view{operation.error().details()}};
        EXPECT_EQ(details.find("line").as_int32(), 4) << each.operation;
        EXPECT_EQ(details.find("column").as_int32(), each.column) << each.operation << "\n"
                                                                  << operation.error().message();
    }
}

TEST(MigrationFile, TheTableOfOperationsIsSorted) {
    const auto rows = operation_keys();
    EXPECT_TRUE(std::is_sorted(
        rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.kind < b.kind; }));
    for (const OperationKeys& row : rows) {
        EXPECT_FALSE(row.about.empty() || row.inverse.empty() || row.example.empty()) << row.kind;
    }
}

TEST(MigrationFile, TheSchemaHasEachOperationAndKey) {
    const bson::Document schema = migration_schema();
    const bson::View operations = schema.find("definitions")
                                      .as_document()
                                      .find("operation")
                                      .as_document()
                                      .find("properties")
                                      .as_document();
    EXPECT_EQ(operations.count(), operation_keys().size());
    for (const OperationKeys& row : operation_keys()) {
        ASSERT_TRUE(operations.has(row.kind)) << row.kind;
        const bson::View one = operations.find(row.kind).as_document();
        for (const KeyRow& key : row.keys) {
            EXPECT_TRUE(one.find("properties").as_document().has(key.name)) << key.name;
        }
    }
}

}  // namespace
}  // namespace plumb::project
