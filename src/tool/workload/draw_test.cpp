// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/workload/draw.h"

#include "bson/json.h"
#include "tool/workload/day.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace plumb::workload {
namespace {

constexpr std::string_view kText = R"(schema: 1
today: 2026-01-27
parameters:
  order: {sample: orders, misses: 0.25}
  size: {one_of: [1, 2]}
  week_ago: {day: -6}
  month: {month: -1}
  fresh: {copy: orders, fresh: {id: ord_}}
queries:
  - {id: Q1, frequency: 1, command: {find: orders, filter: {user_id: "{{order.user_id}}", n: "{{size}}"}}}
  - id: Q2
    frequency: 1
    commands:
      - {count: orders, query: {day: {$gte: "{{month.first}}", $lte: "{{month.last}}"}, m: "{{month.text}}"}}
      - {count: orders, query: {day: "{{week_ago}}"}}
  - {id: Q3, frequency: 1, commands: [{insert: orders, documents: ["{{fresh}}"]}, {count: orders}]}
)";

bson::Document json(std::string_view text) {
    return *bson::from_json(text);
}

class Draw : public testing::Test {
  protected:
    Workload workload_ = *parse_workload(kText, "w.yaml");

    Drawer drawer() const {
        Pools rows;
        rows["orders"] = {json(R"({"_id": 1, "user_id": "usr_heavy"})"),
                          json(R"({"_id": 2, "user_id": "usr_heavy"})"),
                          json(R"({"_id": 3, "user_id": "usr_heavy"})"),
                          json(R"({"_id": 4, "user_id": "usr_light"})"),
                          json(R"({"_id": 5})")};
        Pools copies;
        copies["orders"] = {json(R"({"id": "ord_1", "user_id": "usr_heavy", "n": 3})")};
        return Drawer{workload_, 7, std::move(rows), std::move(copies)};
    }
};

TEST_F(Draw, GivesTheSameCommandsForTheSameSeed) {
    for (std::uint64_t index = 0; index < 50; ++index) {
        const auto one = drawer().commands(*workload_.query("Q1"), index);
        const auto two = drawer().commands(*workload_.query("Q1"), index);
        ASSERT_TRUE(one.ok());
        EXPECT_EQ(one->front().bytes(), two->front().bytes());
    }
}

TEST_F(Draw, DrawsOwnersInTrueProportionAndSomeMisses) {
    std::map<std::string, int> users;
    for (std::uint64_t index = 0; index < 4000; ++index) {
        const auto commands = drawer().commands(*workload_.query("Q1"), index);
        const bson::View filter = commands->front().find("filter").as_document();
        ++users[std::string{filter.find("user_id").as_string()}];
    }
    EXPECT_NEAR(users["usr_heavy"], 2250, 150);
    EXPECT_NEAR(users["usr_light"], 750, 100);
    EXPECT_NEAR(users["usr_heav~"] + users["usr_ligh~"], 1000, 120);
    EXPECT_EQ(users.size(), 4U);
}

TEST_F(Draw, FillsInDaysAndMonths) {
    const auto commands = drawer().commands(*workload_.query("Q2"), 0);
    ASSERT_EQ(commands->size(), 2U);
    EXPECT_EQ(bson::to_json((*commands)[0].view()),
              bson::to_json(json(R"({"count": "orders", "query": {"day": {"$gte": "2025-12-01",
                                    "$lte": "2025-12-31"}, "m": "2025-12"}})")
                                .view()));
    const bson::View second = (*commands)[1].find("query").as_document();
    EXPECT_EQ(second.find("day").as_string(), "2026-01-21");
}

TEST_F(Draw, CopiesWithFreshKeys) {
    const auto commands = drawer().commands(*workload_.query("Q3"), 0);
    EXPECT_EQ(commands->back().view().front().name, "count");
    const bson::View copy = commands->front().find("documents").as_array().at(0).as_document();
    EXPECT_EQ(copy.find("n").as_int32(), 3);
    EXPECT_TRUE(copy.find("id").as_string().starts_with("ord_"));
    EXPECT_EQ(copy.find("id").as_string().size(), 40U);
    EXPECT_EQ(copy.find("_id").type(), bson::Type::ObjectId);
}

TEST_F(Draw, SaysWhatACollectionLacks) {
    const Drawer empty{workload_, 7, {}, {}};
    const auto commands = empty.commands(*workload_.query("Q1"), 0);
    ASSERT_FALSE(commands.ok());
    EXPECT_EQ(commands.error().code(), ErrorCode::NamespaceNotFound);
}

TEST(Day, GoesOverMonthsAndYears) {
    EXPECT_EQ(day_after("2026-01-27", -27), "2025-12-31");
    EXPECT_EQ(day_after("2024-02-28", 1), "2024-02-29");
    EXPECT_EQ(month_after("2026-01-31", 1).last, "2026-02-28");
    EXPECT_EQ(month_after("2026-01-27", -13).text, "2024-12");
    EXPECT_EQ(day_of_ms(0), "1970-01-01");
    EXPECT_FALSE(is_day("2026-02-29"));
}

// Parameters that are made from the values of one field.
class DrawValues : public testing::Test {
  protected:
    std::vector<bson::Document> draw(std::string_view parameter, std::string_view filter) {
        const std::string text =
            "schema: 1\nparameters:\n  p: " + std::string{parameter} +
            "\nqueries:\n  - {id: Q, frequency: 1, command: {find: c, filter: " +
            std::string{filter} + "}}\n";
        workload_ = *parse_workload(text, "w.yaml");
        Pools rows;
        for (int row = 0; row < 100; ++row) {
            rows["c"].push_back(
                json("{\"_id\": " + std::to_string(row) + ", \"n\": " + std::to_string(row) +
                     ", \"day\": \"2026-01-0" + std::to_string(1 + row % 9) +
                     "\", \"name\": \"a.b" + std::to_string(row) +
                     "\", \"tags\": [\"x\", \"y\"], \"items\": [{\"p\": 1}, {\"p\": 2}]}"));
        }
        const Drawer drawer{workload_, 3, std::move(rows), {}};
        std::vector<bson::Document> out;
        for (std::uint64_t index = 0; index < 40; ++index) {
            out.emplace_back(drawer.commands(workload_.queries[0], index)
                                 ->front()
                                 .view()
                                 .find("filter")
                                 .as_document());
        }
        return out;
    }

    Workload workload_;
};

TEST_F(DrawValues, ARangeOfDaysHasThatManyBetweenItsEnds) {
    for (const bson::Document& filter :
         draw("{range: c.day, days: 31}", R"({day: {$gte: "{{p.low}}", $lte: "{{p.high}}"}})")) {
        const bson::View range = filter.view().find("day").as_document();
        EXPECT_EQ(range.find("$lte").as_string(), day_after(range.find("$gte").as_string(), 31));
    }
}

TEST_F(DrawValues, ARangeByShareHoldsThatShareOfTheValues) {
    for (const bson::Document& filter :
         draw("{range: c.n, share: 0.1}", R"({n: {$gte: "{{p.low}}", $lte: "{{p.high}}"}})")) {
        const bson::View range = filter.view().find("n").as_document();
        EXPECT_EQ(range.find("$lte").as_int32() - range.find("$gte").as_int32(), 9);
    }
}

TEST_F(DrawValues, APrefixIsAQuotedPattern) {
    for (const bson::Document& filter :
         draw("{prefix: c.name, length: 3}", R"({name: {$regex: "{{p}}"}})")) {
        EXPECT_EQ(filter.view().find("name").as_document().find("$regex").as_string(), R"(^a\.b)");
    }
}

TEST_F(DrawValues, ElementsOfArraysAreDrawnOnTheirOwnOrByPosition) {
    std::set<std::string> tags;
    for (const bson::Document& filter :
         draw("{sample: c, elements: true}",
              R"({tags: "{{p.tags}}", second: "{{p.tags.1}}", product: "{{p.items.p}}"})")) {
        tags.emplace(filter.view().find("tags").as_string());
        EXPECT_EQ(filter.view().find("second").as_string(), "y");
        EXPECT_TRUE(filter.view().find("product").is_number());
    }
    EXPECT_EQ(tags, (std::set<std::string>{"x", "y"}));
}

}  // namespace
}  // namespace plumb::workload
