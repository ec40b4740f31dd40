// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/yaml_document.h"

#include "bson/json.h"
#include "bson/number.h"

#include <gtest/gtest.h>

namespace plumb::project {
namespace {

std::string as_json(std::string_view yaml) {
    const auto root = parse_yaml(yaml, "t.yaml");
    if (!root.ok()) {
        return root.error().message();
    }
    const auto document = root->as_bson_document();
    return document.ok() ? bson::to_json(document->view()) : document.error().message();
}

TEST(YamlNode, ReadsScalarsByTheCoreSchema) {
    struct Case {
        const char* yaml;
        bson::Type type;
    };
    const Case cases[] = {
        {"v: 7", bson::Type::Int32},          {"v: -7", bson::Type::Int32},
        {"v: 2147483648", bson::Type::Int64}, {"v: 7.5", bson::Type::Double},
        {"v: 1e3", bson::Type::Double},       {"v: .inf", bson::Type::Double},
        {"v: true", bson::Type::Bool},        {"v: yes", bson::Type::String},
        {"v: on", bson::Type::String},        {"v: \"7\"", bson::Type::String},
        {"v: '7'", bson::Type::String},       {"v: 2026-01-27", bson::Type::String},
        {"v: 1.2.3", bson::Type::String},     {"v: null", bson::Type::Null},
        {"v: ~", bson::Type::Null},           {"v:", bson::Type::Null},
        {"v: ''", bson::Type::String},        {"v: [1]", bson::Type::Array},
        {"v: {a: 1}", bson::Type::Document},
    };
    for (const Case& each : cases) {
        const auto root = parse_yaml(each.yaml, "t.yaml");
        ASSERT_TRUE(root.ok()) << each.yaml;
        const auto document = root->as_bson_document();
        ASSERT_TRUE(document.ok()) << each.yaml;
        EXPECT_EQ(document->find("v").type(), each.type) << each.yaml;
    }
}

TEST(YamlNode, ReadsWrappersOfExtendedJson) {
    const auto root =
        parse_yaml("at: {$date: '2026-01-27T00:00:00Z'}\nn: {$numberLong: '7'}\n", "t");
    ASSERT_TRUE(root.ok());
    const auto document = root->as_bson_document();
    ASSERT_TRUE(document.ok()) << document.error().message();
    EXPECT_EQ(document->find("at").type(), bson::Type::Date);
    EXPECT_EQ(document->find("n").type(), bson::Type::Int64);
}

TEST(YamlNode, KeepsTheOrderOfMembers) {
    EXPECT_EQ(as_json("z: 1\na: 2\nm: {q: 1, b: 2}\n"), as_json("{z: 1, a: 2, m: {q: 1, b: 2}}"));
    EXPECT_NE(as_json("z: 1\na: 2\n"), as_json("a: 2\nz: 1\n"));
}

struct ErrorCase {
    const char* about;
    const char* yaml;
    int line;
    int column;
};

// What each case asks of the tree: an integer `n` and only the keys n, m.
Status ask(std::string_view yaml) {
    PLUMB_TRY(root, parse_yaml(yaml, "t.yaml"));
    PLUMB_CHECK(root.only_keys({"n", "m"}));
    PLUMB_TRY(n, root.at("n"));
    PLUMB_CHECK(n.as_int());
    PLUMB_CHECK(root.as_bson_document());
    return {};
}

TEST(YamlNode, EveryErrorHasItsPosition) {
    const ErrorCase cases[] = {
        {"not YAML", "n: 1\nm: [1, 2\n", 3, 1},
        {"an unknown key", "n: 1\nx: 2\n", 2, 1},
        {"a key twice", "n: 1\nm: {a: 1, a: 2}\n", 2, 11},
        {"a missing key", "m: 1\n", 1, 1},
        {"no integer", "n: x\n", 1, 4},
        {"a quoted integer", "n: '1'\n", 1, 4},
        {"a list for an integer", "m: 1\nn:\n  - 1\n", 3, 3},
        {"a key that is a list", "? [a]\n: 1\n", 1, 3},
        {"a bad wrapper", "n: 1\nm:\n  a: {$oid: zz}\n", 3, 6},
        {"a comma first", ",\n", 1, 1},
        {"a second document", "n: 1\n---\nn: 2\n", 2, 1},
        {"no map", "- 1\n", 1, 1},
    };
    for (const ErrorCase& each : cases) {
        const Status status = ask(each.yaml);
        ASSERT_FALSE(status.ok()) << each.about;
        EXPECT_EQ(status.error().code(), ErrorCode::ProjectFileInvalid) << each.about;
        const bson::View details{std::string_view{status.error().details()}};
        EXPECT_EQ(details.find("file").as_string(), "t.yaml") << each.about;
        EXPECT_EQ(details.find("line").as_int32(), each.line) << each.about;
        EXPECT_EQ(details.find("column").as_int32(), each.column) << each.about;
    }
}

TEST(YamlNode, RefusesTreesThatGrowByAliases) {
    std::string bomb = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n";
    for (int level = 1; level < 9; ++level) {
        const std::string previous = "*a" + std::to_string(level - 1) + ", ";
        bomb += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [";
        for (int copies = 0; copies < 10; ++copies) {
            bomb += previous;
        }
        bomb += "1]\n";
    }
    const auto root = parse_yaml(bomb, "t.yaml");
    ASSERT_FALSE(root.ok());
    EXPECT_EQ(root.error().code(), ErrorCode::ProjectFileInvalid);
}

TEST(YamlNode, RefusesNestingWithoutEnd) {
    const auto root = parse_yaml(std::string(200, '[') + std::string(200, ']'), "t.yaml");
    ASSERT_FALSE(root.ok());
    EXPECT_EQ(root.error().code(), ErrorCode::ProjectFileInvalid);
}

}  // namespace
}  // namespace plumb::project
