// SPDX-License-Identifier: GPL-3.0-or-later
// What is seen through a mongos, which is played here: shards, their indexes, a build at work.
#include "tool/verify/observe.h"

#include "bson/json.h"
#include "project/yaml_document.h"

#include <gtest/gtest.h>

#include <map>

namespace plumb::verify {
namespace {

bson::Document json(std::string_view text) {
    auto out = bson::from_json(text);
    EXPECT_TRUE(out.ok()) << text;
    return out.ok() ? *std::move(out) : bson::Document{};
}

// Answers what it was told to; everything else is refused.
class PlayedClient final : public client::Client {
  public:
    std::map<std::string, std::string, std::less<>> replies;  // by the command's name
    std::vector<std::string> indexes;                         // of `orders`
    std::vector<std::string> index_stats;
    std::string sharded_by;

    Result<bson::Document> command(std::string_view, bson::View command) override {
        const auto reply = replies.find(command.front().name);
        if (reply == replies.end()) {
            return fail(ErrorCode::Unauthorized, "not allowed");
        }
        return json(reply->second);
    }
    Status find(std::string_view,
                std::string_view,
                bson::View,
                const client::FindOptions&,
                const OnDocument&) override {
        return fail(ErrorCode::Unauthorized, "not allowed");
    }
    Status aggregate(std::string_view,
                     std::string_view,
                     const std::vector<bson::Document>&,
                     const OnDocument& each) override {
        for (const std::string& row : index_stats) {
            PLUMB_CHECK(each(json(row)));
        }
        return {};
    }
    Result<std::optional<bson::Document>> find_one(std::string_view,
                                                   std::string_view,
                                                   bson::View) override {
        if (sharded_by.empty()) {
            return std::optional<bson::Document>{};
        }
        return std::optional{json(sharded_by)};
    }
    Result<client::WriteCounts> insert(std::string_view,
                                       std::string_view,
                                       const std::vector<bson::View>&) override {
        return fail(ErrorCode::Unauthorized, "verify writes nothing");
    }
    Result<client::WriteCounts> update(
        std::string_view, std::string_view, bson::View, bson::ValueView, bool, bool) override {
        return fail(ErrorCode::Unauthorized, "verify writes nothing");
    }
    Result<client::WriteCounts> remove(std::string_view,
                                       std::string_view,
                                       bson::View,
                                       bool) override {
        return fail(ErrorCode::Unauthorized, "verify writes nothing");
    }
    Result<std::vector<bson::Document>> list_indexes(std::string_view, std::string_view) override {
        std::vector<bson::Document> out;
        for (const std::string& index : indexes) {
            out.push_back(json(index));
        }
        return out;
    }
    Result<std::vector<bson::Document>> list_collections(std::string_view) override {
        std::vector<bson::Document> out;
        out.push_back(json("{name: 'orders', type: 'collection'}"));
        return out;
    }
    [[nodiscard]] std::int64_t bytes_received() const override { return 0; }
    [[nodiscard]] std::int64_t bytes_sent() const override { return 0; }
    [[nodiscard]] const std::string& redacted_url() const override { return url_; }

  private:
    std::string url_ = "mongodb://played";
};

project::Strategy strategy() {
    const auto root = project::parse_yaml(
        "indexes: [{collection: orders, key: {user: 1}}, {collection: orders, key: {day: 1}}]",
        "strategy.yaml");
    return *project::read_strategy(*root);
}

PlayedClient mongos() {
    PlayedClient client;
    client.replies["isMaster"] = "{msg: 'isdbgrid', ok: 1}";
    client.replies["listShards"] =
        "{shards: [{_id: 's0', host: 's0/a:1,b:1,c:1'}, {_id: 's1', host: 's1/d:1'}], ok: 1}";
    client.replies["currentOp"] = "{inprog: [], ok: 1}";
    client.indexes = {"{name: '_id_', key: {_id: 1}}",
                      "{name: 'user_1', key: {user: 1}}",
                      "{name: 'day_1', key: {day: 1}}"};
    client.index_stats = {
        "{name: 'user_1', key: {user: 1}, shard: 's0', spec: {name: 'user_1', key: {user: 1}}}",
        "{name: 'user_1', key: {user: 1}, shard: 's1', spec: {name: 'user_1', key: {user: 1}, "
        "unique: true}}",
        "{name: 'day_1', key: {day: 1}, shard: 's0'}"};
    return client;
}

const Line* line_of(const Report& report, std::string_view name) {
    for (const Line& line : report.collections.front().lines) {
        if (line.name == name) {
            return &line;
        }
    }
    return nullptr;
}

TEST(Observe, NamesTheShardThatLacksAnIndex) {
    PlayedClient client = mongos();
    const auto report = observe({client, "mongodb://127.0.0.1:1", "shop"}, strategy(), {});
    ASSERT_TRUE(report.ok()) << report.error().message();
    EXPECT_TRUE(report->drift);
    EXPECT_EQ(report->asked, (std::vector<std::string>{"s0", "s1"}));
    EXPECT_EQ(line_of(*report, "day_1")->mark, Mark::Inconsistent);
    EXPECT_EQ(line_of(*report, "day_1")->detail, "not on s1");
    EXPECT_EQ(line_of(*report, "user_1")->detail, "on s1: unique: wanted -, found true");
}

TEST(Observe, SaysWhichMembersOfAShardWereNotAsked) {
    PlayedClient client = mongos();
    const auto report = observe({client, "mongodb://127.0.0.1:1", "shop"}, strategy(), {});
    ASSERT_TRUE(report.ok());
    std::vector<std::string> names;
    for (const auto& each : report->not_asked) {
        names.push_back(each.name);
    }
    EXPECT_EQ(names, (std::vector<std::string>{"127.0.0.1:1", "s0"}));
}

TEST(Observe, KeepsAnIndexThatSupportsTheShardKey) {
    PlayedClient client = mongos();
    client.sharded_by = "{_id: 'shop.orders', key: {user: 1}}";
    client.indexes.emplace_back("{name: 'long', key: {user: 1, day: 1}}");
    const auto report = observe({client, "mongodb://127.0.0.1:1", "shop"}, strategy(), {});
    ASSERT_TRUE(report.ok());
    EXPECT_EQ(line_of(*report, "user_1")->redundant, "");
    EXPECT_EQ(line_of(*report, "user_1")->kept,
              "long begins with its key; kept: it supports the shard key");
}

TEST(Observe, AnIndexUnderConstructionIsNotReady) {
    PlayedClient client = mongos();
    client.replies["isMaster"] = "{ismaster: true, ok: 1}";
    client.replies["currentOp"] =
        "{inprog: [{command: {createIndexes: 'orders', $db: 'shop', indexes: [{name: 'day_1'}]}, "
        "progress: {done: 1, total: 4}}]}";
    const auto report = observe({client, "mongodb://127.0.0.1:1", "shop"}, strategy(), {});
    ASSERT_TRUE(report.ok());
    EXPECT_EQ(line_of(*report, "day_1")->mark, Mark::Building);
    EXPECT_EQ(line_of(*report, "day_1")->detail, "25 %");
    EXPECT_EQ(line_of(*report, "user_1")->mark, Mark::Ok);
    EXPECT_TRUE(report->drift);
}

TEST(Observe, WhatMayNotBeReadIsANote) {
    PlayedClient client = mongos();
    client.replies["isMaster"] = "{ismaster: true, ok: 1}";
    client.replies.erase("currentOp");
    ObserveOptions options;
    options.deep = true;
    const auto report = observe({client, "mongodb://127.0.0.1:1", "shop"}, strategy(), options);
    ASSERT_TRUE(report.ok());
    EXPECT_FALSE(report->drift);
    EXPECT_EQ(report->notes.size(), 2U);
    EXPECT_EQ(line_of(*report, "user_1")->usage, "unknown");
}

}  // namespace
}  // namespace plumb::verify
