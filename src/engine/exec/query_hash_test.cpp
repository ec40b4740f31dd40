// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/query_hash.h"

#include "engine/exec/prepared_query.h"
#include "engine/exec/test_database_internal.h"

namespace plumb::exec {
namespace {

struct Case {
    std::string_view filter;
    std::string_view sort;
    std::string_view projection;
    std::string_view query_hash;
    std::string_view plan_cache_key;
};

// Recorded from MongoDB 4.2 (tests/conformance/samples/profile.jsonl), on the indexes of `orders`.
constexpr Case kRecorded[] = {
    {R"({"user_id": "x"})", R"({"delivery_date": -1})", "{}", "CAC13666", "D15E1E08"},
    {R"({"user_id": "x", "status": {"$in": ["pending", "delivered"]}})",
     "{}",
     "{}",
     "0FEE6E8E",
     "4FF4F934"},
    {R"({"delivery_date": "2026-08-01"})", "{}", "{}", "54F1CCAE", "7CC28F22"},
    {R"({"status": "delivered"})", R"({"delivery_date": -1})", "{}", "019F68F4", "0E634AD7"},
    {R"({"delivery_date": {"$gte": "a", "$lte": "b"}, "status": "delivered"})",
     "{}",
     "{}",
     "164C4152",
     "4A61B5AD"},
    // Without an index on these, both are the same.
    {R"({"id": "usr_1"})", "{}", "{}", "6DAB46EC", "6DAB46EC"},
    {R"({"email": "a@x.in"})", "{}", "{}", "F4C3CE3A", "F4C3CE3A"},
};

class QueryHashTest : public ::testing::Test {
  protected:
    QueryHashTest() {
        const auto made = database_.engine().create_collection("shop.orders", bson::View{});
        EXPECT_TRUE(made.ok());
    }

    void build(std::string_view name, std::string_view key) {
        storage::IndexSpec spec;
        spec.name = name;
        spec.key = testing::json(key);
        SystemClock clock;
        Interrupt interrupt{clock};
        EXPECT_TRUE(database_.engine().build_indexes("shop.orders", {spec}, {}, interrupt).ok());
    }

    std::pair<std::string, std::string> hashes(const Case& each) {
        FindRequest find;
        find.ns = "shop.orders";
        find.filter = testing::json(each.filter);
        find.sort = testing::json(each.sort);
        find.projection = testing::json(each.projection);
        const auto query = prepare(query::ExpressionContext{}, std::move(find));
        EXPECT_TRUE(query.ok());
        const plan::QueryRequest request =
            (*query)->planner_request(plan::QueryRequest::Purpose::Find);
        const auto collection = database_.engine().collection("shop.orders");
        return {query_hash(request), plan_cache_hash(request, collection->state())};
    }

    testing::Database database_;
};

TEST_F(QueryHashTest, IsThatOfMongoDb) {
    build("user_id_1", R"({"user_id": 1})");
    build("status_1_delivery_date_-1", R"({"status": 1, "delivery_date": -1})");
    build("delivery_date_1", R"({"delivery_date": 1})");
    build("user_id_1_status_1", R"({"user_id": 1, "status": 1})");
    for (const Case& each : kRecorded) {
        const auto [shape, key] = hashes(each);
        EXPECT_EQ(shape, each.query_hash) << each.filter;
        EXPECT_EQ(key, each.plan_cache_key) << each.filter;
    }
}

TEST_F(QueryHashTest, KnowsTheProjection) {
    const auto [shape, key] = hashes(
        {R"({"status": {"$in": ["active", "paused"]}})", "{}", R"({"_id": 0, "id": 1})", {}, {}});
    EXPECT_EQ(shape, "BF066CD3");
    EXPECT_EQ(key, "BF066CD3");
}

TEST_F(QueryHashTest, ConstantsDoNotCount) {
    const Case one{R"({"a": {"$in": [1, 2]}, "b": null})", "{}", "{}", {}, {}};
    const Case other{R"({"a": {"$in": ["x", "y", "z"]}, "b": 7})", "{}", "{}", {}, {}};
    const Case different{R"({"a": {"$nin": [1, 2]}, "b": null})", "{}", "{}", {}, {}};
    EXPECT_EQ(hashes(one).first, hashes(other).first);
    EXPECT_NE(hashes(one).first, hashes(different).first);
}

TEST_F(QueryHashTest, ASparseIndexTellsNullApart) {
    storage::IndexSpec spec;
    spec.name = "a_1";
    spec.key = testing::json(R"({"a": 1})");
    spec.sparse = true;
    SystemClock clock;
    Interrupt interrupt{clock};
    ASSERT_TRUE(database_.engine().build_indexes("shop.orders", {spec}, {}, interrupt).ok());
    const auto null = hashes({R"({"a": null})", "{}", "{}", {}, {}});
    const auto other = hashes({R"({"a": 1})", "{}", "{}", {}, {}});
    EXPECT_EQ(null.first, other.first);
    EXPECT_NE(null.second, other.second);
}

}  // namespace
}  // namespace plumb::exec
