// SPDX-License-Identifier: GPL-3.0-or-later
// What is sampled from the replies of other servers than ours: MongoDB 4.2's recorded ones, and the
// documented forms of replica sets and routers.
#include "bson/json.h"
#include "tool/watch/members.h"
#include "tool/watch/sample_parts.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

namespace plumb::watch {
namespace {

// Answers commands from a table, by the name of the command.
class Answering final : public client::Client {
  public:
    std::map<std::string, bson::Document, std::less<>> replies;
    std::vector<bson::Document> collections;
    std::vector<bson::Document> uses;
    std::vector<bson::Document> profile;

    Result<bson::Document> command(std::string_view, bson::View command) override {
        const auto at = replies.find(command.front().name);
        if (at == replies.end()) {
            return fail(ErrorCode::CommandNotFound, "no such reply");
        }
        return at->second;
    }
    Status find(std::string_view,
                std::string_view,
                bson::View,
                const client::FindOptions&,
                const OnDocument& each) override {
        for (const bson::Document& document : profile) {
            PLUMB_CHECK(each(document));
        }
        return {};
    }
    Status aggregate(std::string_view,
                     std::string_view,
                     const std::vector<bson::Document>&,
                     const OnDocument& each) override {
        for (const bson::Document& document : uses) {
            PLUMB_CHECK(each(document));
        }
        return {};
    }
    Result<std::vector<bson::Document>> list_collections(std::string_view) override {
        return collections;
    }
    Result<std::optional<bson::Document>> find_one(std::string_view,
                                                   std::string_view,
                                                   bson::View) override {
        return std::optional<bson::Document>{};
    }
    Result<client::WriteCounts> insert(std::string_view,
                                       std::string_view,
                                       const std::vector<bson::View>&) override {
        return client::WriteCounts{};
    }
    Result<client::WriteCounts> update(
        std::string_view, std::string_view, bson::View, bson::ValueView, bool, bool) override {
        return client::WriteCounts{};
    }
    Result<client::WriteCounts> remove(std::string_view,
                                       std::string_view,
                                       bson::View,
                                       bool) override {
        return client::WriteCounts{};
    }
    Result<std::vector<bson::Document>> list_indexes(std::string_view, std::string_view) override {
        return std::vector<bson::Document>{};
    }
    std::int64_t bytes_received() const override { return 0; }
    std::int64_t bytes_sent() const override { return 0; }
    const std::string& redacted_url() const override { return url_; }

  private:
    std::string url_ = "mongodb://nowhere";
};

bson::Document json(std::string_view text) {
    auto document = bson::from_json(text);
    EXPECT_TRUE(document.ok()) << text;
    return document.ok() ? *document : bson::Document{};
}

std::filesystem::path samples() {
    return std::filesystem::path{__FILE__}.parent_path() / "../../../tests/conformance/samples";
}

std::string file_text(const std::string& name) {
    std::ifstream in{samples() / name};
    return {std::istreambuf_iterator<char>{in}, {}};
}

bson::Document recorded(std::string_view name) {
    const bson::Document all = json(file_text("replies.json"));
    const bson::ValueView reply = all.find(name);
    EXPECT_EQ(reply.type(), bson::Type::Document) << name;
    return reply.type() == bson::Type::Document ? bson::Document{reply.as_document()}
                                                : bson::Document{};
}

// A sample being made, and its values by name.
struct Making {
    Catalogue catalogue;
    Sample sample;
    Into into{catalogue, sample, "m"};

    std::optional<std::int64_t> get(std::string_view name,
                                    std::string_view subject = {},
                                    std::string_view member = "m") const {
        const auto id = catalogue.find(name, member, subject);
        return id ? sample.get(*id) : std::nullopt;
    }
};

TEST(SampleServerStatus, ReadsMongoDB42) {
    Answering server;
    server.replies["serverStatus"] = recorded("serverStatus");
    Making made;
    const auto clock_ms = sample_server_status(server, made.into);
    ASSERT_TRUE(clock_ms.ok());
    EXPECT_EQ(*clock_ms, 1795485964243);
    EXPECT_EQ(made.get("process"), 21633);
    EXPECT_EQ(made.get("started_ms"), 1795485964243 - 542833);
    EXPECT_EQ(made.get("cpu_us"), 153597637 + 51120440);
    for (const char* name : {"connections",
                             "queued",
                             "bytes_out",
                             "read_ops",
                             "read_latency_us",
                             "write_ops",
                             "op_query",
                             "docs_returned",
                             "docs_examined",
                             "keys_examined",
                             "sorts_in_memory",
                             "cache_bytes",
                             "cache_dirty_bytes",
                             "cache_max_bytes",
                             "cache_evictions",
                             "cache_app_evictions"}) {
        EXPECT_TRUE(made.get(name).has_value()) << name;
    }
    EXPECT_GT(made.get("cache_max_bytes").value_or(0), 0);
}

TEST(SampleSizes, ReadsMongoDB42) {
    Answering server;
    server.collections = {json("{name: 'orders', type: 'collection'}"),
                          json("{name: 'big', type: 'view'}"),
                          json("{name: 'system.profile', type: 'collection'}")};
    server.replies["collStats"] = recorded("collStats");
    Making made;
    ASSERT_TRUE(sample_sizes(server, "earlybird", made.into).ok());
    EXPECT_EQ(made.get("indexes_read"), 1);
    EXPECT_EQ(made.get("documents", "orders"), 20000);
    EXPECT_GT(made.get("index_bytes", "orders.user_id_1").value_or(0), 0);
    EXPECT_FALSE(made.get("documents", "big").has_value());
}

TEST(SampleUses, SumsWhatTheShardsSay) {
    Answering server;
    server.collections = {json("{name: 'orders', type: 'collection'}")};
    server.uses = {json("{name: 'a.b_1', shard: 's1', accesses: {ops: 3, since: {$date: "
                        "'2026-01-01T00:00:00Z'}}}"),
                   json("{name: 'a.b_1', shard: 's2', accesses: {ops: 4, since: {$date: "
                        "'2026-01-02T00:00:00Z'}}}")};
    Making made;
    ASSERT_TRUE(sample_uses(server, "shop", made.into).ok());
    EXPECT_EQ(made.get("index_uses", "orders.a.b_1"), 7);
    EXPECT_EQ(made.into.own_reads, 1);
}

TEST(SampleProfile, ReadsMongoDB42) {
    Answering server;
    server.replies["profile"] = json("{was: 2, slowms: 100, ok: 1}");
    std::ifstream in{samples() / "profile.jsonl"};
    for (std::string line; std::getline(in, line);) {
        if (!line.empty()) {
            server.profile.push_back(json(line));
        }
    }
    ASSERT_FALSE(server.profile.empty());
    Making made;
    ASSERT_TRUE(sample_profile(server, "earlybird", 0, 1, made.into).ok());
    EXPECT_EQ(made.get("profile_level"), 2);
    std::int64_t calls = 0;
    std::int64_t scans = 0;
    for (const std::size_t id : made.catalogue.named("shape_calls")) {
        EXPECT_FALSE(made.catalogue.at(id).text.empty());
        calls += made.sample.get(id).value_or(0);
    }
    for (const std::size_t id : made.catalogue.named("shape_scans")) {
        scans += made.sample.get(id).value_or(0);
    }
    EXPECT_GT(calls, 0);
    EXPECT_GT(scans, 0);
    EXPECT_LE(scans, calls);
}

TEST(SampleReplication, TellsHowFarSecondariesAreBehind) {
    Answering server;
    server.replies["replSetGetStatus"] = json(R"({ok: 1, set: "rs", members: [
        {name: "a:1", state: 1, optimeDate: {$date: "2026-01-27T04:00:30Z"}},
        {name: "b:2", state: 2, optimeDate: {$date: "2026-01-27T04:00:12Z"}},
        {name: "c:3", state: 2, optimeDate: {$date: "2026-01-27T04:00:31Z"}},
        {name: "d:4", state: 7},
        {name: "e:5", state: 8, optimeDate: {$date: "1970-01-01T00:00:00Z"}}]})");
    Making made;
    ASSERT_TRUE(sample_replication(server, made.into).ok());
    EXPECT_EQ(made.get("lag_ms", "", "b:2"), 18'000);
    EXPECT_EQ(made.get("lag_ms", "", "c:3"), 0);
    for (const char* other : {"a:1", "d:4", "e:5"}) {
        EXPECT_FALSE(made.get("lag_ms", "", other).has_value()) << other;
    }
}

TEST(Members, OfAReplicaSetAreItsDataBearingOnes) {
    Answering server;
    server.replies["isMaster"] = json(R"({ismaster: true, setName: "rs", hosts: ["a:1", "b:2"],
        passives: ["c:3"], arbiters: ["d:4"], ok: 1})");
    const auto members = find_members(server, "mongodb://u:p@a:1,b:2/?replicaSet=rs");
    ASSERT_TRUE(members.ok());
    ASSERT_EQ(members->size(), 3U);
    EXPECT_EQ((*members)[2].name, "c:3");
    EXPECT_TRUE((*members)[2].url.starts_with("mongodb://u:p@c:3/?directConnection=true"));
}

TEST(Members, OfAShardedClusterAreTheRouterAndAllOfItsShards) {
    Answering server;
    server.replies["isMaster"] = json("{ismaster: true, msg: 'isdbgrid', ok: 1}");
    server.replies["listShards"] = json(R"({ok: 1, shards: [
        {_id: "s1", host: "s1/a:1,b:2"}, {_id: "s2", host: "s2/c:3"}]})");
    const auto members = find_members(server, "mongodb://m:27017");
    ASSERT_TRUE(members.ok());
    std::vector<std::string> names;
    for (const Member& member : *members) {
        names.push_back(member.name);
    }
    EXPECT_EQ(names, (std::vector<std::string>{"m:27017", "a:1", "b:2", "c:3"}));
}

TEST(Members, AreToldApartByTheirRoles) {
    EXPECT_EQ(role_of(json("{ismaster: true}")), Role::Standalone);
    EXPECT_EQ(role_of(json("{ismaster: true, setName: 'rs'}")), Role::Primary);
    EXPECT_EQ(role_of(json("{ismaster: false, secondary: true, setName: 'rs'}")), Role::Secondary);
    EXPECT_EQ(role_of(json("{ismaster: true, msg: 'isdbgrid'}")), Role::Router);
    EXPECT_EQ(role_of(json("{ismaster: false, setName: 'rs', arbiterOnly: true}")), Role::Other);
    EXPECT_EQ(role_of(recorded("isMaster")), Role::Standalone);
}

}  // namespace
}  // namespace plumb::watch
