// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/planner.h"

#include "bson/json.h"
#include "engine/query/matcher.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace plumb::plan {
namespace {

bson::Document json(std::string_view text) {
    Result<bson::Document> document = bson::from_json(text);
    EXPECT_TRUE(document.ok()) << text;
    return document.ok() ? *std::move(document) : bson::Document{};
}

IndexPtr index_of(std::string_view key, std::vector<std::vector<std::uint32_t>> arrays = {}) {
    auto out = std::make_shared<storage::IndexState>();
    out->spec.key = json(key);
    for (const bson::Element& field : out->spec.key) {
        out->spec.name += out->spec.name.empty() ? "" : "_";
        out->spec.name += std::string{field.name} + "_1";
    }
    if (out->spec.name == "_id_1") {
        out->spec.name = "_id_";
    }
    out->pattern = *bson::KeyPattern::parse(out->spec.key);
    out->multikey = !arrays.empty();
    out->multikey_paths = std::move(arrays);
    out->multikey_paths.resize(out->pattern.fields().size());
    return out;
}

// "FETCH(IXSCAN a_1 [5, 5])": stages with their index and bounds.
std::string text_of(const PlanNode& node) {
    std::string out{stage_name(node)};
    if (const auto* scan = std::get_if<IndexScan>(&node.node)) {
        out += " " + scan->index->spec.name;
        for (const FieldBounds& field : scan->bounds.fields) {
            for (const Interval& interval : field.intervals) {
                out += " " + interval.to_text();
            }
        }
    }
    if (node.filter) {
        out += " " + bson::to_json(query::match_to_bson(*node.filter));
    }
    std::string children;
    for (const PlanNodePtr& child : node.children) {
        children += (children.empty() ? "" : ", ") + text_of(*child);
    }
    return children.empty() ? out : fmt::format("{}({})", out, children);
}

std::vector<std::string> plans(const storage::CollectionState& collection,
                               std::string_view filter,
                               std::string_view sort = "{}",
                               std::string_view hint = "") {
    const bson::Document filter_document = json(filter);
    const bson::Document sort_document = json(sort);
    const bson::Document hint_document = hint.empty() ? bson::Document{} : json(hint);
    Result<query::Matcher> matcher = query::Matcher::parse(filter_document);
    EXPECT_TRUE(matcher.ok()) << filter;
    QueryRequest request;
    request.filter = &matcher->root();
    request.sort = sort_document;
    if (!hint.empty()) {
        request.hint = hint_document.view().as_value();
    }
    const auto first = [](std::vector<PlanNodePtr>&) { return Result<std::size_t>{0U}; };
    Result<std::vector<PlanNodePtr>> found = plan_query(request, collection, first);
    if (!found.ok()) {
        return {fmt::format("error {}", static_cast<int>(found.error().code()))};
    }
    std::vector<std::string> out;
    for (const PlanNodePtr& plan : *found) {
        out.push_back(text_of(*plan));
    }
    return out;
}

bool has(const std::vector<std::string>& all, std::string_view wanted) {
    return std::find(all.begin(), all.end(), wanted) != all.end();
}

storage::CollectionState collection_with(std::vector<IndexPtr> indexes) {
    storage::CollectionState out;
    out.ns = "t.c";
    out.indexes = std::move(indexes);
    out.indexes.insert(out.indexes.begin(), index_of(R"({"_id": 1})"));
    return out;
}

TEST(Planner, TwoConditionsOnAnArrayDoNotMeetInOneKey) {
    const auto collection = collection_with({index_of(R"({"a": 1})", {{0}})});
    const auto found = plans(collection, R"({"a": {"$gt": 1, "$lt": 3}})");
    EXPECT_EQ(found.size(), 2U);
    EXPECT_TRUE(has(found, R"(FETCH {"a": {"$gt": 1}}(IXSCAN a_1 [-inf.0, 3)))")) << found[0];
    EXPECT_TRUE(has(found, R"(FETCH {"a": {"$lt": 3}}(IXSCAN a_1 (1, inf.0]))")) << found[1];
}

TEST(Planner, ConditionsOfOneElementMeetInOneKey) {
    const auto collection =
        collection_with({index_of(R"({"items.p": 1, "items.q": 1})", {{0}, {0}})});
    const auto joined = plans(collection, R"({"items": {"$elemMatch": {"p": 1, "q": 2}}})");
    ASSERT_EQ(joined.size(), 1U);
    EXPECT_NE(joined[0].find("IXSCAN items.p_1_items.q_1 [1, 1] [2, 2]"), std::string::npos)
        << joined[0];
    const auto apart = plans(collection, R"({"items.p": 1, "items.q": 2})");
    ASSERT_EQ(apart.size(), 1U);
    EXPECT_NE(apart[0].find("[1, 1] [MinKey, MaxKey]"), std::string::npos) << apart[0];
}

TEST(Planner, BranchesOfAnOrUseWhatStandsAroundIt) {
    const auto collection =
        collection_with({index_of(R"({"a": 1, "b": 1})"), index_of(R"({"c": 1})")});
    const auto found = plans(collection, R"({"a": 5, "$or": [{"b": 6}, {"c": 7}]})");
    EXPECT_EQ(found.size(), 2U);
    EXPECT_TRUE(has(
        found, R"(FETCH {"a": {"$eq": 5}}(OR(IXSCAN a_1_b_1 [5, 5] [6, 6], IXSCAN c_1 [7, 7])))"))
        << found[0];
}

TEST(Planner, AnOrNeedsAnIndexForEachBranch) {
    const auto collection = collection_with({index_of(R"({"a": 1})")});
    const auto found = plans(collection, R"({"$or": [{"a": 1}, {"b": 2}]})");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_TRUE(found[0].starts_with("SUBPLAN(COLLSCAN")) << found[0];
}

TEST(Planner, SortsComeFromTheIndexWhereItHasThem) {
    const auto collection = collection_with({index_of(R"({"a": 1, "b": -1})")});
    for (const std::string_view sort :
         {R"({"b": 1})", R"({"b": -1})", R"({"a": 1, "b": -1})", R"({"a": -1, "b": 1})"}) {
        const auto found = plans(collection, R"({"a": 5})", sort);
        ASSERT_EQ(found.size(), 1U) << sort;
        EXPECT_TRUE(found[0].starts_with("FETCH(IXSCAN")) << sort << found[0];
    }
    EXPECT_TRUE(plans(collection, R"({"a": {"$gt": 5}})", R"({"b": 1})")[0].find("SORT") !=
                std::string::npos);
}

TEST(Planner, AnArrayInTheSortedFieldNeedsASort) {
    const auto collection = collection_with({index_of(R"({"a": 1})", {{0}})});
    EXPECT_TRUE(plans(collection, R"({"a": {"$gt": 5}})", R"({"a": 1})")[0].starts_with("SORT"));
    EXPECT_TRUE(plans(collection, "{}", R"({"a": 1})")[0].starts_with("FETCH(IXSCAN"));
}

TEST(Planner, PointsBeforeASortAreMerged) {
    const auto collection = collection_with({index_of(R"({"a": 1, "b": 1})")});
    const auto found = plans(collection, R"({"a": {"$in": [1, 2]}})", R"({"b": 1})");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_TRUE(found[0].starts_with("FETCH(SORT_MERGE(IXSCAN a_1_b_1 [1, 1]")) << found[0];
    std::string many = R"({"a": {"$in": [)";
    for (int i = 0; i < 300; ++i) {
        many += fmt::format("{}{}", i == 0 ? "" : ",", i);
    }
    EXPECT_NE(plans(collection, many + "]}}", R"({"b": 1})")[0].find("SORT("), std::string::npos);
}

TEST(Planner, HintsChooseOrFail) {
    const auto collection = collection_with({index_of(R"({"a": 1})"), index_of(R"({"b": 1})")});
    const auto found = plans(collection, R"({"a": 5})", "{}", R"({"b": 1})");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_NE(found[0].find("IXSCAN b_1 [MinKey, MaxKey]"), std::string::npos) << found[0];
    EXPECT_TRUE(
        plans(collection, R"({"a": 5})", "{}", R"({"$natural": -1})")[0].starts_with("COLLSCAN"));
    EXPECT_EQ(plans(collection, R"({"a": 5})", "{}", R"({"x": 1})")[0], "error 2");
}

TEST(Planner, QueriesOfOneShapeShareAKey) {
    const auto key = [](std::string_view filter) {
        const bson::Document document = json(filter);
        const query::Matcher matcher = *query::Matcher::parse(document);
        QueryRequest request;
        request.filter = &matcher.root();
        return shape_key(request);
    };
    EXPECT_EQ(key(R"({"a": 1, "b": {"$gt": 2}})"), key(R"({"b": {"$gt": 7}, "a": "x"})"));
    EXPECT_NE(key(R"({"a": 1})"), key(R"({"a": null})"));
    EXPECT_NE(key(R"({"a": 1})"), key(R"({"b": 1})"));
    EXPECT_NE(key(R"({"a": {"$gt": 1}})"), key(R"({"a": {"$lt": 1}})"));
}

}  // namespace
}  // namespace plumb::plan
