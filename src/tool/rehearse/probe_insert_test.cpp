// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/rehearse/probe_insert.h"

#include "bson/builder.h"

#include <gtest/gtest.h>

namespace plumb::rehearse {
namespace {

// A server with one collection that takes a validator, and enforces it or does not.
class PlayedServer final : public client::Client {
  public:
    explicit PlayedServer(bool enforces) : enforces_(enforces) {}

    Result<bson::Document> command(std::string_view, bson::View) override {
        return bson::Document{};
    }
    Status find(std::string_view,
                std::string_view,
                bson::View,
                const client::FindOptions&,
                const OnDocument&) override {
        return {};
    }
    Status aggregate(std::string_view,
                     std::string_view,
                     const std::vector<bson::Document>&,
                     const OnDocument&) override {
        return {};
    }
    // The first candidate is forbidden.
    Result<std::optional<bson::Document>> find_one(std::string_view,
                                                   std::string_view collection,
                                                   bson::View) override {
        if (collection == "orders" || candidates_.empty()) {
            return std::optional<bson::Document>{};
        }
        return std::optional<bson::Document>{candidates_.front()};
    }
    Result<client::WriteCounts> insert(std::string_view,
                                       std::string_view collection,
                                       const std::vector<bson::View>& documents) override {
        if (collection != "orders") {
            for (const bson::View each : documents) {
                candidates_.emplace_back(each);
            }
            return client::WriteCounts{};
        }
        if (enforces_) {
            return fail(ErrorCode::DocumentValidationFailure, "Document failed validation");
        }
        ++there_;
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
        --there_;
        return client::WriteCounts{};
    }
    Result<std::vector<bson::Document>> list_indexes(std::string_view, std::string_view) override {
        return std::vector<bson::Document>{};
    }
    Result<std::vector<bson::Document>> list_collections(std::string_view) override {
        return std::vector<bson::Document>{};
    }
    std::int64_t bytes_received() const override { return 0; }
    std::int64_t bytes_sent() const override { return 0; }
    const std::string& redacted_url() const override { return url_; }

    [[nodiscard]] int there() const { return there_; }

  private:
    bool enforces_;
    int there_ = 0;
    std::vector<bson::Document> candidates_;
    std::string url_ = "mongodb://played";
};

bson::Document needs_id() {
    bson::Builder out;
    out.begin_document("id").append("$exists", true).end();
    return out.finish();
}

TEST(ProbeInsert, AValidatorThatIsEnforcedIsSeen) {
    PlayedServer server{true};
    const auto probe = probe_validator(server, "shop", "orders", needs_id());
    ASSERT_TRUE(probe.ok());
    EXPECT_EQ(probe->outcome, ProbeOutcome::Enforced);
}

TEST(ProbeInsert, OneThatIsOnlyAcceptedIsFoundAndNothingStays) {
    PlayedServer server{false};
    const auto probe = probe_validator(server, "shop", "orders", needs_id());
    ASSERT_TRUE(probe.ok());
    EXPECT_EQ(probe->outcome, ProbeOutcome::NotEnforced);
    EXPECT_EQ(server.there(), 0);
}

}  // namespace
}  // namespace plumb::rehearse
