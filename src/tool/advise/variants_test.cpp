// SPDX-License-Identifier: GPL-3.0-or-later
// Which variant of an index wins for which kind of query.
#include "base/random.h"
#include "bson/builder.h"
#include "tool/advise/advise_test_support.h"
#include "tool/advise/candidate_drafts.h"
#include "tool/advise/partial_use.h"

#include <gtest/gtest.h>

namespace plumb::advise {
namespace {

using Texts = std::vector<std::string>;

// 20 000 documents, 2 000 of them sampled: an owner has 20, one in ten is open, one in a hundred is
// flagged, `tags` is an array.
const CollectionSample& things() {
    static const CollectionSample kThings = [] {
        std::vector<bson::Document> rows;
        Random random{11};
        for (int row = 0; row < 2000; ++row) {
            bson::Builder thing;
            thing.append("_id", row);
            thing.append("id", "t" + std::to_string(row));
            thing.append("owner", static_cast<std::int32_t>(random.below(100)));
            thing.append("state", random.chance(0.1) ? "open" : "done");
            thing.append("day", static_cast<std::int32_t>(random.below(1000)));
            thing.append("size", static_cast<std::int32_t>(random.below(10'000)));
            if (row % 100 == 0) {
                thing.append("flag", row);
            }
            thing.begin_array("tags").push(row % 7).push(row % 11).end();
            thing.append("text", std::string(600, 'x'));
            rows.push_back(thing.finish());
        }
        return sample_of(std::move(rows), 20'000);
    }();
    return kThings;
}

TEST(Variants, a_condition_that_every_call_has_makes_a_partial_index) {
    const char* command = R"({find: "things", filter: {state: "open", owner: 7}})";
    const QueryModel constant = query_of(
        things(), command, 50, R"({find: "things", filter: {state: "open", owner: "{{owner}}"}})");
    const QueryModel varies =
        query_of(things(),
                 command,
                 50,
                 R"({find: "things", filter: {state: "{{state}}", owner: "{{owner}}"}})");
    // Writes make the smaller index the better one.
    const QueryModel insert = query_of(things(), R"({insert: "things", documents: [{}]})", 500);
    EXPECT_EQ(chosen_for(things(), {constant, insert}),
              (Texts{R"({ owner: 1 } where {"state": "open"})"}));
    for (const std::string& text : chosen_for(things(), {varies, insert})) {
        EXPECT_EQ(text.find("where"), std::string::npos) << text;
    }
}

TEST(Variants, a_count_of_a_constant_needs_its_own_entries_only) {
    const char* command = R"({count: "things", query: {state: "open"}})";
    EXPECT_EQ(chosen_for(things(),
                         {query_of(things(), command, 50, command),
                          query_of(things(), R"({insert: "things", documents: [{}]})", 50)}),
              (Texts{R"({ state: 1 } where {"state": "open"})"}));
}

TEST(Variants, what_has_to_exist_is_found_by_an_index_of_what_exists) {
    const char* command = R"({find: "things", filter: {flag: {$exists: true}}})";
    const Texts chosen = chosen_for(things(), {query_of(things(), command, 50, command)});
    ASSERT_EQ(chosen.size(), 1U);
    EXPECT_TRUE(chosen[0] == "{ flag: 1 } sparse" ||
                chosen[0] == R"({ flag: 1 } where {"flag": {"$exists": true}})")
        << chosen[0];
}

TEST(Variants, a_projection_is_covered) {
    EXPECT_EQ(
        chosen_for(
            things(),
            {query_of(things(),
                      R"({find: "things", filter: {owner: 7}, projection: {_id: 0, size: 1}})",
                      50)}),
        (Texts{"{ owner: 1, size: 1 }"}));
}

TEST(Variants, a_group_reads_its_fields_from_the_key) {
    EXPECT_EQ(chosen_for(things(),
                         {query_of(things(),
                                   R"({aggregate: "things", pipeline: [{$match: {owner: 7}},
                                       {$group: {_id: "$state", sum: {$sum: "$size"}}}]})",
                                   50)}),
              (Texts{"{ owner: 1, size: 1, state: 1 }"}));
}

TEST(Variants, a_sort_in_two_directions_keeps_them) {
    const Texts chosen = chosen_for(
        things(),
        {query_of(
            things(), R"({find: "things", filter: {}, sort: {day: -1, size: 1}, limit: 20})", 50)});
    EXPECT_EQ(chosen, (Texts{"{ day: 1, size: -1 }"}));  // read backwards
}

TEST(Variants, a_long_list_is_tried_before_and_behind_the_sort) {
    std::string list;
    for (int value = 0; value < 250; ++value) {
        list += (list.empty() ? "" : ", ") + std::to_string(value);
    }
    const std::string command = R"({find: "things", filter: {owner: 1, day: {$in: [)" + list +
                                R"(]}}, sort: {size: 1}, limit: 20})";
    const QueryModel query = query_of(things(), command, 50, command);
    std::set<std::string> keys;
    for (const Draft& draft : drafts_for(query, 5)) {
        keys.insert(draft.candidate().text());
    }
    EXPECT_TRUE(keys.contains("{ owner: 1, size: 1, day: 1 }"));
    EXPECT_TRUE(keys.contains("{ owner: 1, day: 1, size: 1 }"));
    // Its scans cannot be merged: only the order behind the equality spares the sort.
    Judge judge{things(), CostWeights{}};
    Candidate behind;
    behind.fields = {{"owner", 1}, {"size", 1}, {"day", 1}};
    Candidate before;
    before.fields = {{"owner", 1}, {"day", 1}, {"size", 1}};
    EXPECT_FALSE(judge.under(query, query.whole, behind)->sorts);
    EXPECT_TRUE(judge.under(query, query.whole, before)->sorts);
}

TEST(Variants, both_orders_of_equality_and_range_are_measured) {
    const QueryModel query = query_of(
        things(), R"({find: "things", filter: {state: "done", day: {$gte: 5, $lt: 9}}})", 50);
    std::set<std::string> keys;
    for (const Draft& draft : drafts_for(query, 5)) {
        keys.insert(draft.candidate().text());
    }
    EXPECT_TRUE(keys.contains("{ state: 1, day: 1 }"));
    EXPECT_TRUE(keys.contains("{ day: 1, state: 1 }"));
}

TEST(Variants, two_arrays_are_never_in_one_key) {
    std::vector<bson::Document> rows;
    for (int row = 0; row < 100; ++row) {
        rows.push_back(*bson::from_json("{a: [1, 2], b: [3, 4]}"));
    }
    const CollectionSample sample = sample_of(std::move(rows), 100);
    for (const std::string& text : chosen_for(
             sample, {query_of(sample, R"({find: "things", filter: {a: 1, b: 3}})", 1000)})) {
        EXPECT_FALSE(text.find("a: 1") != std::string::npos &&
                     text.find("b: 1") != std::string::npos)
            << text;
    }
}

// A server that can use an index does not scan, even where the scan would cost less.
TEST(Variants, an_index_that_would_lead_a_query_from_its_scan_is_judged_by_that) {
    const QueryModel most =
        query_of(things(), R"({find: "things", filter: {state: {$ne: "open"}}})", 50);
    Judge judge{things(), CostWeights{}};
    std::vector<Candidate> candidates(1);
    candidates[0].fields = {{"state", 1}};
    judge.measure(candidates[0]);
    const CostTable table = make_cost_table({most}, candidates, CostWeights{}, judge);
    EXPECT_GT(table.total({true}), table.total({false}));
}

// What a server before 5.0 would refuse is not proposed.
TEST(Variants, a_key_that_is_there_with_other_options_is_not_proposed) {
    CollectionSample sample = things();
    ExistingIndex state;
    state.definition.name = "state_1";
    state.definition.key = *bson::from_json("{state: 1}");
    sample.indexes.push_back(state);
    const char* command = R"({count: "things", query: {state: "open"}})";
    EXPECT_TRUE(chosen_for(sample, {query_of(sample, command, 50, command)}).empty());
}

TEST(Variants, an_index_that_memory_does_not_hold_costs_more) {
    Candidate owner;
    owner.fields = {{"owner", 1}};
    const QueryModel query = query_of(things(), R"({find: "things", filter: {owner: 7}})", 50);
    double before = 0;
    for (const double cache : {1e9, 5e6, 1e6}) {
        Judge judge{things(), CostWeights{}, {cache, 1.5e7}};
        judge.measure(owner);
        const double cost = judge.under(query, query.whole, owner)->us;
        EXPECT_GT(cost, before);
        before = cost;
    }
}

struct Implied {
    const char* query;
    const char* partial;
    bool implied;
};

class PartialUse : public ::testing::TestWithParam<Implied> {};

TEST_P(PartialUse, follows_the_servers_rules) {
    EXPECT_EQ(
        condition_implies(*bson::from_json(GetParam().query), *bson::from_json(GetParam().partial)),
        GetParam().implied)
        << GetParam().query << " " << GetParam().partial;
}

INSTANTIATE_TEST_SUITE_P(
    Rules,
    PartialUse,
    ::testing::Values(Implied{"{a: 5}", "{a: 5}", true},
                      Implied{"{a: 5}", "{a: 6}", false},
                      Implied{"{a: 5}", "{a: {$gt: 3}}", true},
                      Implied{"{a: 3}", "{a: {$gt: 3}}", false},
                      Implied{"{a: '5'}", "{a: {$gt: 3}}", false},
                      Implied{"{a: {$gt: 5}}", "{a: {$gt: 3}}", true},
                      Implied{"{a: {$gt: 3}}", "{a: {$gte: 3}}", true},
                      Implied{"{a: {$gte: 3}}", "{a: {$gt: 3}}", false},
                      Implied{"{a: {$lt: 2}}", "{a: {$gt: 3}}", false},
                      Implied{"{a: {$in: [5, 6]}}", "{a: {$gt: 3}}", true},
                      Implied{"{a: {$in: [1, 6]}}", "{a: {$gt: 3}}", false},
                      Implied{"{a: 5}", "{a: {$exists: true}}", true},
                      Implied{"{a: null}", "{a: {$exists: true}}", false},
                      Implied{"{a: {$ne: 5}}", "{a: {$exists: true}}", false},
                      Implied{"{a: {$exists: true}}", "{a: {$exists: true}}", true},
                      Implied{"{b: 5}", "{a: {$exists: true}}", false},
                      Implied{"{a: {$type: 'int'}}", "{a: {$type: 'int'}}", true},
                      Implied{"{a: 5}", "{a: {$type: 'int'}}", false},
                      Implied{"{a: {$ne: 'x'}}", "{a: 'y'}", false}));

}  // namespace
}  // namespace plumb::advise
