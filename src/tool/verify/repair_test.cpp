// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/verify/repair.h"

#include "bson/json.h"
#include "project/yaml_document.h"
#include "tool/verify/verify.h"

#include <gtest/gtest.h>

namespace plumb::verify {
namespace {

struct Case {
    const char* about;
    const char* wanted;
    std::vector<const char*> found;
    const char* operations;  // what stands below `up:`, without its comments
    std::size_t by_hand;
};

project::Strategy strategy(const std::string& index) {
    const auto root = project::parse_yaml("indexes: [" + index + "]", "strategy.yaml");
    EXPECT_TRUE(root.ok()) << index;
    auto read = project::read_strategy(*root);
    EXPECT_TRUE(read.ok()) << index;
    return *std::move(read);
}

std::string operations(const std::vector<project::IndexChange>& changes) {
    if (changes.empty()) {
        return "";
    }
    const std::string text = project::migration_of_changes({7, "x", ""}, changes);
    std::string out;
    std::size_t at = text.find("\nup:\n") + 5;
    while (at < text.size()) {
        const std::size_t end = text.find('\n', at);
        if (text.compare(at, 3, "  #") != 0) {
            out += text.substr(at, end + 1 - at);
        }
        at = end + 1;
    }
    return out;
}

TEST(Repair, WritesTheSmallestOperation) {
    const Case cases[] = {
        {"nothing to do", "{collection: o, key: {a: 1}}", {"{name: 'a_1', key: {a: 1}}"}, "", 0},
        {"missing",
         "{collection: o, key: {a: 1}, purpose: list}",
         {},
         "  - create_indexes:\n      collection: o\n      indexes:\n"
         "        - {key: {a: 1}, purpose: list}\n",
         0},
        {"not unique any more",
         "{collection: o, key: {a: 1}, unique: true}",
         {"{name: 'a_1', key: {a: 1}}"},
         "  - create_indexes:\n      collection: o\n      on_conflict: replace\n      indexes:\n"
         "        - {key: {a: 1}, unique: true}\n",
         0},
        {"hidden",
         "{collection: o, key: {a: 1}}",
         {"{name: 'a_1', key: {a: 1}, hidden: true}"},
         "  - unhide_index: {collection: o, name: a_1}\n",
         0},
        {"should be hidden",
         "{collection: o, key: {a: 1}, hidden: true}",
         {"{name: 'a_1', key: {a: 1}}"},
         "  - hide_index: {collection: o, name: a_1}\n",
         0},
        {"other seconds",
         "{collection: o, key: {a: 1}, expire_after: 60}",
         {"{name: 'a_1', key: {a: 1}, expireAfterSeconds: 90}"},
         "  - set_options: {collection: o, options: "
         "{\"index\": {\"name\": \"a_1\", \"expireAfterSeconds\": 60}}}\n",
         0},
        {"does not expire yet",
         "{collection: o, key: {a: 1}, expire_after: 60}",
         {"{name: 'a_1', key: {a: 1}}"},
         "  - create_indexes:\n      collection: o\n      on_conflict: replace\n      indexes:\n"
         "        - {key: {a: 1}, expire_after: 60}\n",
         0},
        {"hidden and something else",
         "{collection: o, key: {a: 1}, sparse: true}",
         {"{name: 'a_1', key: {a: 1}, hidden: true}"},
         "  - create_indexes:\n      collection: o\n      on_conflict: replace\n      indexes:\n"
         "        - {key: {a: 1}, sparse: true}\n",
         0},
        {"unknown ones are left alone",
         "{collection: o, key: {a: 1}}",
         {"{name: 'a_1', key: {a: 1}}", "{name: 'b_1', key: {b: 1}}"},
         "",
         1},
    };
    for (const Case& each : cases) {
        const project::Strategy wanted = strategy(each.wanted);
        FoundIndexes found;
        for (const char* json : each.found) {
            found["o"].push_back(*project::index_from_server(*bson::from_json(json)));
        }
        const Repair repair = repair_of(wanted, compare(wanted, found, {}));
        EXPECT_EQ(operations(repair.changes), each.operations) << each.about;
        EXPECT_EQ(repair.by_hand.size(), each.by_hand) << each.about;
    }
}

TEST(Repair, AsksAPersonWhereNoMigrationHelps) {
    Report report;
    CollectionReport& collection = report.collections.emplace_back();
    collection.name = "o";
    for (const Mark mark : {Mark::Inconsistent, Mark::Building, Mark::Invalid, Mark::Ok}) {
        collection.lines.emplace_back().mark = mark;
    }
    const Repair repair = repair_of({}, report);
    EXPECT_TRUE(repair.changes.empty());
    EXPECT_EQ(repair.by_hand.size(), 3U);
}

}  // namespace
}  // namespace plumb::verify
