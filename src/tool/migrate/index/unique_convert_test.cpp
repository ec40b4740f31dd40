// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/index/unique_convert.h"

#include "bson/builder.h"
#include "bson/json.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace plumb::migrate {
namespace {

// A server of a version of its own that answers collMod, and aggregates with what it is given.
class ScriptedServer final : public client::Client {
  public:
    std::string version = "6.0.5";
    std::vector<std::string> duplicates;  // of _id.k0
    std::vector<std::string> sent;        // the collMods
    std::string refuse;                   // answers a collMod with this option with an error

    Result<bson::Document> command(std::string_view /*database*/, bson::View command) override {
        bson::Builder out;
        const std::string_view name = command.front().name;
        if (name == "buildInfo") {
            out.append("version", version);
        } else if (name == "aggregate") {
            append_batch(out);
        } else if (name == "collMod") {
            sent.push_back(bson::to_json(command));
            if (!refuse.empty() && sent.back().find(refuse) != std::string::npos) {
                return fail(ErrorCode::IllegalOperation, "refused");
            }
        }
        out.append("ok", 1.0);
        return out.finish();
    }
    Status find(std::string_view /*database*/,
                std::string_view /*collection*/,
                bson::View /*filter*/,
                const client::FindOptions& /*options*/,
                const OnDocument& /*each*/) override {
        return {};
    }
    Status aggregate(std::string_view /*database*/,
                     std::string_view /*collection*/,
                     const std::vector<bson::Document>& /*pipeline*/,
                     const OnDocument& /*each*/) override {
        return {};
    }
    Result<std::optional<bson::Document>> find_one(std::string_view /*database*/,
                                                   std::string_view /*collection*/,
                                                   bson::View /*filter*/) override {
        return std::optional<bson::Document>{};
    }
    Result<client::WriteCounts> insert(std::string_view /*database*/,
                                       std::string_view /*collection*/,
                                       const std::vector<bson::View>& /*documents*/) override {
        return client::WriteCounts{};
    }
    Result<client::WriteCounts> update(std::string_view /*database*/,
                                       std::string_view /*collection*/,
                                       bson::View /*filter*/,
                                       bson::ValueView /*update*/,
                                       bool /*multi*/,
                                       bool /*upsert*/) override {
        return client::WriteCounts{};
    }
    Result<client::WriteCounts> remove(std::string_view /*database*/,
                                       std::string_view /*collection*/,
                                       bson::View /*filter*/,
                                       bool /*only_one*/) override {
        return client::WriteCounts{};
    }
    Result<std::vector<bson::Document>> list_indexes(std::string_view /*database*/,
                                                     std::string_view /*collection*/) override {
        return std::vector<bson::Document>{};
    }
    Result<std::vector<bson::Document>> list_collections(std::string_view /*database*/) override {
        return std::vector<bson::Document>{};
    }
    std::int64_t bytes_received() const override { return 0; }
    std::int64_t bytes_sent() const override { return 0; }
    const std::string& redacted_url() const override { return version; }

  private:
    void append_batch(bson::Builder& out) const {
        out.begin_document("cursor");
        out.begin_array("firstBatch");
        for (const std::string& value : duplicates) {
            out.push_document();
            out.begin_document("_id");
            out.append("k0", value);
            out.end();
            out.append("n", 2);
            out.begin_array("documents");
            for (int at = 0; at < 2; ++at) {
                out.push_document();
                out.append("_id", at);
                out.end();
            }
            out.end();
            out.end();
        }
        out.end();
        out.end();
    }
};

class UniqueConvert : public testing::Test {
  protected:
    static IndexStep step(std::string_view found) {
        const auto wanted = bson::from_json("{key: {email: 1}, name: 'email_1', unique: true}");
        const auto existing = bson::from_json(found);
        return plan_indexes({*project::index_from_server(*wanted)},
                            {*project::index_from_server(*existing)})
            .front();
    }

    static constexpr std::string_view kPlain = "{key: {email: 1}, name: 'email_1'}";
    ScriptedServer server_;
    FakeClock clock_{std::chrono::milliseconds{0}};
    FaultPoints faults_;
    Interrupt interrupt_{clock_};
    Deployment deployment_{server_,
                           [] { return Result<std::unique_ptr<client::Client>>{nullptr}; },
                           "shop",
                           "test",
                           clock_,
                           faults_,
                           interrupt_,
                           [](const Event&) {}};
};

TEST_F(UniqueConvert, OnlyWhereUniqueIsTheOneDifferenceAndTheServerCan) {
    EXPECT_TRUE(*can_convert_to_unique(deployment_, step(kPlain)));
    EXPECT_FALSE(*can_convert_to_unique(deployment_,
                                        step("{key: {email: 1}, name: 'email_1', sparse: true}")));
    EXPECT_FALSE(*can_convert_to_unique(deployment_, step("{key: {mail: 1}, name: 'email_1'}")));
    server_.version = "5.0.9";
    EXPECT_FALSE(*can_convert_to_unique(deployment_, step(kPlain)));
}

TEST_F(UniqueConvert, PreparesLooksAgainAndConverts) {
    ASSERT_TRUE(convert_to_unique(deployment_, "users", step(kPlain)).ok());
    ASSERT_EQ(server_.sent.size(), 2U);
    EXPECT_EQ(server_.sent[0], bson::to_json(convert_commands("users", "email_1")[0]));
    EXPECT_EQ(server_.sent[1], bson::to_json(convert_commands("users", "email_1")[1]));
}

TEST_F(UniqueConvert, DuplicatesTakeThePreparationBack) {
    server_.duplicates = {"a@x.in"};
    const Status status = convert_to_unique(deployment_, "users", step(kPlain));
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code(), ErrorCode::DuplicateKey);
    EXPECT_NE(status.error().message().find("a@x.in"), std::string::npos);
    EXPECT_NE(server_.sent.back().find("\"prepareUnique\": false"), std::string::npos);
}

TEST_F(UniqueConvert, ARefusedConversionTakesThePreparationBack) {
    server_.refuse = "\"unique\"";
    const Status status = convert_to_unique(deployment_, "users", step(kPlain));
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code(), ErrorCode::IllegalOperation);
    EXPECT_NE(server_.sent.back().find("\"prepareUnique\": false"), std::string::npos);
}

}  // namespace
}  // namespace plumb::migrate
