// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/capture/workload_text.h"

#include "bson/json.h"
#include "tool/workload/draw.h"
#include "tool/workload/workload.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

namespace plumb::capture {
namespace {

constexpr std::string_view kCommands[] = {
    R"({"find": "o", "filter": {"user": "SECRET1", "n": {"$gt": 77001, "$lte": 77002}}, "sort": {"day": -1}, "limit": 20})",
    R"({"find": "o", "filter": {"user": "SECRET2"}, "limit": 1, "singleBatch": true})",
    R"({"find": "o", "filter": {"s": {"$in": ["SECRET3", "SECRET4"]}, "t": {"$nin": ["SECRET5", "SECRET6"]}}, "projection": {"_id": 0, "s": 1}})",
    R"({"find": "o", "filter": {"s": {"$in": [77011,77012,77013,77014,77015,77016,77017,77018,77019,77020,77021]}}})",
    R"({"find": "o", "filter": {"name": {"$regex": "^SECRET"}, "u": {"$exists": true}, "v": null, "w": {"$ne": "SECRET7"}}})",
    R"({"find": "o", "filter": {"$or": [{"a": "SECRET8"}, {"a": "SECRET9"}]}})",
    R"({"find": "o", "filter": {"$or": [{"a": "SECRET8"}, {"b": {"$lt": 77003}}]}})",
    R"({"find": "o", "filter": {"tags": {"$all": ["SECRET10", "SECRET11"]}, "c": {"$size": 3}}})",
    R"({"find": "o", "filter": {"t": {"$elemMatch": {"x": "SECRET12", "y": {"$gt": 77004}}}}})",
    R"({"find": "o", "filter": {"t": {"$not": {"$gt": 77005}}, "k": {"$type": "int"}, "m": {"$mod": [4, 77006]}}})",
    R"({"count": "o", "query": {"d": {"$gte": "2026-01-01", "$lte": "2026-01-31"}}})",
    R"({"distinct": "o", "key": "s", "query": {"user": "SECRET13"}})",
    R"({"aggregate": "o", "pipeline": [{"$match": {"d": "SECRET14"}}, {"$group": {"_id": "$s", "n": {"$sum": 1}, "x": {"$sum": {"$multiply": ["$p", 77007]}}}}, {"$sort": {"n": -1}}, {"$limit": 5}]})",
    R"({"findAndModify": "o", "query": {"a": "SECRET15"}, "update": {"$inc": {"n": 77008}}})",
    R"({"q": {"a": "SECRET16"}, "u": {"$set": {"s": "SECRET17", "items.$.q": 3}, "$currentDate": {"at": true}}, "multi": true})",
    R"({"q": {"a": "SECRET18"}, "limit": 1})",
    R"({"insert": "o", "documents": [{"a": "SECRET19"}]})",
};

ShapeTable table_of(Values values) {
    ShapeTable table{values};
    for (const std::string_view text : kCommands) {
        const bson::Document command = *bson::from_json(text);
        const std::size_t at = table.index_of(*shape_of("shop", command, "o"));
        table.observe(at, command);
        table.record(at,
                     {.ms = 5, .docs_examined = 100, .returned = 3, .plan_summary = "COLLSCAN"});
    }
    return table;
}

std::set<std::string> texts_of(const ShapeTable& table) {
    std::set<std::string> out;
    for (const ShapeStatistics& shape : table.shapes()) {
        out.insert(shape.shape.text);
    }
    return out;
}

// The shapes of what the written workload draws from a small collection.
std::set<std::string> drawn_shapes(const std::string& yaml) {
    auto workload = workload::parse_workload(yaml, "captured.yaml");
    EXPECT_TRUE(workload.ok()) << workload.error().message() << yaml;
    if (!workload.ok()) {
        return {};
    }
    workload::Pools rows;
    workload::Pools copies;
    for (int row = 0; row < 50; ++row) {
        const std::string n = std::to_string(row);
        rows["o"].push_back(*bson::from_json(
            R"({"_id": )" + n + R"(, "user": "u)" + n + R"(", "n": )" + n + R"(, "s": "s)" + n +
            R"(", "t": [{"x": 1, "y": 2}], "name": "abc", "w": 1, "a": "a", "b": )" + n +
            R"(, "tags": ["p", "q"], "d": "2026-01-05", "k": 1, "m": 4})"));
    }
    copies["o"] = {*bson::from_json(R"({"a": 1})")};
    const workload::Drawer drawer{*workload, 1, std::move(rows), std::move(copies)};
    std::set<std::string> out;
    for (const workload::Query& query : workload->queries) {
        const auto commands = drawer.commands(query, 3);
        EXPECT_TRUE(commands.ok()) << query.id;
        for (const Shape& shape : shapes_of("shop", commands->front())) {
            out.insert(shape.text);
        }
    }
    return out;
}

TEST(WorkloadText, ReadsBackToTheSameShapes) {
    const ShapeTable table = table_of(Values::Classes);
    const WorkloadText text = workload_text(table, "shop", "a log");
    EXPECT_TRUE(text.left_out.empty()) << text.left_out.front();
    EXPECT_EQ(drawn_shapes(text.yaml), texts_of(table));
}

TEST(WorkloadText, HoldsNoConstantOfACall) {
    const WorkloadText text = workload_text(table_of(Values::Classes), "shop", "a log");
    EXPECT_EQ(text.yaml.find("SECRET"), std::string::npos) << text.yaml;
    EXPECT_EQ(text.yaml.find("770"), std::string::npos) << text.yaml;
    EXPECT_EQ(text.yaml.find("2026"), std::string::npos) << text.yaml;
}

TEST(WorkloadText, HoldsThemIfTheyWereToBeKept) {
    const ShapeTable table = table_of(Values::Kept);
    const WorkloadText text = workload_text(table, "shop", "a log");
    EXPECT_NE(text.yaml.find("SECRET1\""), std::string::npos);
    EXPECT_NE(text.yaml.find("--keep-values"), std::string::npos);
    EXPECT_EQ(drawn_shapes(text.yaml), texts_of(table));
}

TEST(WorkloadText, SaysWhatCannotBeATemplate) {
    ShapeTable table;
    static_cast<void>(table.index_of(*shape_of(
        "shop", *bson::from_json(R"({"find": "o", "filter": {"$text": {"$search": "x"}}})"))));
    const WorkloadText text = workload_text(table, "shop", "a log");
    EXPECT_EQ(text.queries, 0);
    ASSERT_EQ(text.left_out.size(), 1U);
    EXPECT_NE(text.yaml.find("# left out"), std::string::npos);
}

}  // namespace
}  // namespace plumb::capture
