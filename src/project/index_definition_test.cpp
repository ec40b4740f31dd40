// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/index_definition.h"

#include "bson/json.h"

#include <gtest/gtest.h>

namespace plumb::project {
namespace {

IndexDefinition index(std::string_view yaml) {
    const auto root = parse_yaml(yaml, "t.yaml");
    EXPECT_TRUE(root.ok()) << yaml;
    auto read = read_index(*root);
    EXPECT_TRUE(read.ok()) << yaml << ": " << (read.ok() ? "" : read.error().message());
    return *std::move(read);
}

IndexDefinition server(std::string_view json) {
    const auto document = bson::from_json(json);
    EXPECT_TRUE(document.ok()) << json;
    auto read = index_from_server(*document);
    EXPECT_TRUE(read.ok()) << json;
    return *std::move(read);
}

TEST(IndexName, IsMongoDbsDefault) {
    EXPECT_EQ(index("key: {id: 1}").name, "id_1");
    EXPECT_EQ(index("key: {status: 1, delivery_date: -1}").name, "status_1_delivery_date_-1");
    EXPECT_EQ(index("key: {a: 1.0}").name, "a_1");
    EXPECT_EQ(index("key: {a: hashed}").name, "a_hashed");
    EXPECT_EQ(index("{key: {a: 1}, name: mine}").name, "mine");
}

TEST(ReadIndex, RefusesWhatTheServerWouldAtItsPlace) {
    struct Case {
        const char* yaml;
        int line;
        int column;
    };
    const Case cases[] = {
        {"unique: true", 1, 1},
        {"key: {}", 1, 6},
        {"key: id", 1, 6},
        {"key: {a: 0}", 1, 10},
        {"key: {a: up}", 1, 10},
        {"key: {a: true}", 1, 10},
        {"key: {$a: 1}", 1, 7},
        {"key: {'': 1}", 1, 7},
        {"key: {a..b: 1}", 1, 7},
        {"key: {a: 1}\nunique: 1", 2, 9},
        {"key: {a: 1}\nname: ''", 2, 7},
        {"key: {a: 1}\nexpire_after: -1", 2, 15},
        {"key: {a: 1}\nexpire_after: 2147483648", 2, 15},
        {"key: {a: 1}\npartial: 1", 2, 10},
        {"key: {a: 1, b: 1}\nexpire_after: 60", 1, 1},
        {"key: {a: hashed}\nunique: true", 1, 1},
        {"key: {a: 1}\nsparse: true\npartial: {a: 1}", 1, 1},
    };
    for (const Case& each : cases) {
        const auto root = parse_yaml(each.yaml, "t.yaml");
        ASSERT_TRUE(root.ok()) << each.yaml;
        const auto read = read_index(*root);
        ASSERT_FALSE(read.ok()) << each.yaml;
        const bson::View details{std::string_view{read.error().details()}};
        EXPECT_EQ(details.find("line").as_int32(), each.line) << each.yaml;
        EXPECT_EQ(details.find("column").as_int32(), each.column) << each.yaml;
    }
}

TEST(Differences, AreFoundInCanonicalForm) {
    struct Case {
        const char* wanted;
        const char* found;
        const char* fields;  // that differ
    };
    const Case cases[] = {
        {"key: {a: 1}", R"({"v": 2, "key": {"a": 1}, "name": "a_1"})", ""},
        {"key: {a: 1}", R"({"key": {"a": 1.0}, "name": "a_1", "unique": false})", ""},
        {"key: {a: 1}", R"({"key": {"a": 7}, "name": "x"})", ""},
        {"{key: {a: 1}, unique: false}", R"({"key": {"a": 1}, "name": "a_1", "ns": "d.c"})", ""},
        {"key: {a: 1}", R"({"key": {"a": 1}, "name": "a_1", "background": true})", ""},
        {"key: {a: 1}", R"({"key": {"a": -1}, "name": "a_1"})", "key"},
        {"key: {a: 1, b: 1}", R"({"key": {"b": 1, "a": 1}, "name": "x"})", "key"},
        {"key: {a: 1}", R"({"key": {"a": "hashed"}, "name": "x"})", "key"},
        {"{key: {a: 1}, unique: true}", R"({"key": {"a": 1}, "name": "a_1"})", "unique"},
        {"key: {a: 1}", R"({"key": {"a": 1}, "name": "a_1", "sparse": true})", "sparse"},
        {"{key: {a: 1}, expire_after: 60}",
         R"({"key": {"a": 1}, "name": "a_1", "expireAfterSeconds": 60.0})",
         ""},
        {"{key: {a: 1}, expire_after: 60}",
         R"({"key": {"a": 1}, "name": "a_1", "expireAfterSeconds": 61})",
         "expire_after"},
        {"{key: {a: 1}, partial: {b: 1}}",
         R"({"key": {"a": 1}, "name": "a_1", "partialFilterExpression": {"b": 1.0}})",
         ""},
        {"{key: {a: 1}, partial: {b: 1}}", R"({"key": {"a": 1}, "name": "a_1"})", "partial"},
        {"{key: {a: 1}, collation: {locale: de}}",
         R"({"key": {"a": 1}, "name": "a_1", "collation": {"locale": "de", "strength": 3}})",
         ""},
        {"key: {a: 1}",
         R"({"key": {"a": 1}, "name": "a_1", "collation": {"locale": "de"}})",
         "collation"},
        {"{key: {a: 1}, collation: {locale: de}}",
         R"({"key": {"a": 1}, "name": "a_1", "collation": {"locale": "de", "strength": 2}})",
         "collation.strength"},
        {"{key: {a: 1}, collation: {locale: simple}}", R"({"key": {"a": 1}, "name": "a_1"})", ""},
        {"key: {t: text, s: text}",
         R"({"key": {"_fts": "text", "_ftsx": 1}, "name": "x", "weights": {"s": 1, "t": 1},
             "default_language": "english", "language_override": "language",
             "textIndexVersion": 3})",
         ""},
        {"key: {a: 1, t: text}",
         R"({"key": {"a": 1, "_fts": "text", "_ftsx": 1}, "name": "x", "weights": {"t": 1}})",
         ""},
        {"key: {t: text}",
         R"({"key": {"_fts": "text", "_ftsx": 1}, "name": "x", "weights": {"s": 1, "t": 1}})",
         "key"},
        {"key: {t: text}",
         R"({"key": {"_fts": "text", "_ftsx": 1}, "name": "x", "weights": {"t": 5},
             "default_language": "german"})",
         "default_languageweights"},
        {"key: {p: 2dsphere}",
         R"({"key": {"p": "2dsphere"}, "name": "x", "2dsphereIndexVersion": 3})",
         ""},
        {"key: {p: 2d}", R"({"key": {"p": "2d"}, "name": "x", "bits": 26})", ""},
        {"key: {p: 2d}", R"({"key": {"p": "2d"}, "name": "x", "bits": 20})", "bits"},
    };
    for (const Case& each : cases) {
        std::string fields;
        for (const Difference& difference : differences(index(each.wanted), server(each.found))) {
            fields += difference.field;
        }
        EXPECT_EQ(fields, each.fields) << each.wanted << " against " << each.found;
    }
}

TEST(IndexDefinition, SurvivesTheWayToTheServerAndBack) {
    const IndexDefinition before = index(
        "{key: {a: 1, b: -1}, unique: true, partial: {c: {$gt: 1}}, collation: {locale: de}}");
    const auto after = index_from_server(index_to_command(before));
    ASSERT_TRUE(after.ok());
    EXPECT_TRUE(differences(before, *after, true).empty());
}

}  // namespace
}  // namespace plumb::project
