// SPDX-License-Identifier: GPL-3.0-or-later
// From a made collection to the indexes that are chosen for it, without a server.
#include "base/random.h"
#include "bson/builder.h"
#include "bson/json.h"
#include "tool/advise/advise_test_support.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::advise {
namespace {

// Orders as a shop has them: 20 to a user, most of them delivered.
CollectionSample orders(std::size_t rows, std::int64_t documents) {
    CollectionSample out;
    out.name = "orders";
    out.exists = true;
    out.documents = documents;
    Random random{7};
    for (std::size_t row = 0; row < rows; ++row) {
        bson::Builder order;
        order.append("_id", static_cast<std::int64_t>(row));
        order.append("id", "ord_" + std::to_string(row));
        order.append("user_id", "usr_" + std::to_string(random.below(rows / 20 + 1)));
        order.append("status", random.chance(0.06) ? "pending" : "delivered");
        order.append("day", static_cast<std::int32_t>(random.below(730)));
        order.append("total", static_cast<std::int32_t>(random.below(5000)));
        out.rows.push_back(order.finish());
    }
    ExistingIndex id;
    id.definition.name = "_id_";
    id.definition.key = *bson::from_json("{_id: 1}");
    out.indexes.push_back(id);
    return out;
}

QueryModel model(const CollectionSample& sample,
                 std::string_view label,
                 std::string_view command,
                 double calls) {
    QueryModel out = query_of(sample, command, calls);
    out.label = label;
    return out;
}

TEST(Advise, puts_equality_before_sort_before_range) {
    const CollectionSample sample = orders(4000, 100'000);
    EXPECT_EQ(chosen_for(sample,
                         {model(sample,
                                "a",
                                R"({find: "orders", filter: {status: "x", total: {$gt: 5}},
                                    sort: {day: -1}, limit: 20})",
                                10)}),
              (std::vector<std::string>{"{ status: 1, day: -1, total: 1 }"}));
}

TEST(Advise, serves_filter_and_order_of_pages_by_one_index) {
    const CollectionSample sample = orders(4000, 100'000);
    EXPECT_EQ(
        chosen_for(sample,
                   {model(sample,
                          "history",
                          R"({find: "orders", filter: {user_id: 1}, sort: {day: -1}, limit: 20})",
                          100),
                    model(sample, "user", R"({find: "orders", filter: {user_id: 1}})", 10)}),
        (std::vector<std::string>{"{ user_id: 1, day: -1 }"}));
}

TEST(Advise, indexes_what_updates_look_for_and_nothing_for_inserts) {
    const CollectionSample sample = orders(4000, 100'000);
    EXPECT_EQ(chosen_for(sample,
                         {model(sample, "mark", R"({q: {id: 1}, u: {$set: {status: 1}}})", 50),
                          model(sample, "new", R"({insert: "orders"})", 40)}),
              (std::vector<std::string>{"{ id: 1 }"}));
}

TEST(Advise, gives_no_index_to_what_reads_nearly_everything) {
    const CollectionSample sample = orders(4000, 100'000);
    const std::vector<QueryModel> models = {
        model(sample, "all", R"({find: "orders", filter: {status: {$in: ["a", "b", "c"]}}})", 1)};
    EXPECT_TRUE(chosen_for(sample, models).empty());
}

TEST(Advise, keeps_within_the_limit_and_takes_the_best_first) {
    const CollectionSample sample = orders(4000, 100'000);
    const std::vector<QueryModel> models = {
        model(sample, "often", R"({find: "orders", filter: {id: 1}, limit: 1})", 1000),
        model(sample, "seldom", R"({find: "orders", filter: {user_id: 1}})", 1)};
    SelectionLimits limits;
    limits.indexes_max = 1;
    EXPECT_EQ(chosen_for(sample, models, limits), (std::vector<std::string>{"{ id: 1 }"}));
}

TEST(Advise, an_or_needs_an_index_for_each_branch) {
    const CollectionSample sample = orders(4000, 100'000);
    EXPECT_EQ(chosen_for(sample,
                         {model(sample,
                                "either",
                                R"({find: "orders", filter: {$or: [{id: 1}, {user_id: 1}]}})",
                                10)}),
              (std::vector<std::string>{"{ id: 1 }", "{ user_id: 1 }"}));
}

// What a sample of one in twenty says of a look-up by key: one document, not none and not twenty.
TEST(Judge, does_not_scale_up_what_is_found_by_a_key) {
    const CollectionSample sample = orders(4000, 80'000);
    Judge judge{sample, CostWeights{}};
    Candidate id;
    id.fields = {{"id", 1}};
    judge.measure(id);
    const QueryModel query =
        model(sample, "one", R"({find: "orders", filter: {id: 1}, limit: 1})", 1);
    const auto access = judge.under(query, query.whole, id);
    ASSERT_TRUE(access);
    EXPECT_NEAR(access->keys, 1, 0.5);
    EXPECT_NEAR(judge.scan(query).docs, 80'000, 1);
}

TEST(Judge, scales_up_what_a_frequent_value_finds) {
    const CollectionSample sample = orders(4000, 80'000);
    Judge judge{sample, CostWeights{}};
    Candidate status;
    status.fields = {{"status", 1}};
    judge.measure(status);
    const QueryModel query =
        model(sample, "many", R"({find: "orders", filter: {status: "delivered"}})", 1);
    const auto access = judge.under(query, query.whole, status);
    ASSERT_TRUE(access);
    EXPECT_GT(access->keys, 50'000);
    EXPECT_LT(access->keys, 80'000);
}

}  // namespace
}  // namespace plumb::advise
