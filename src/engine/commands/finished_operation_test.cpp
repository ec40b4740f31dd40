// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/finished_operation.h"

#include "bson/json.h"
#include "engine/commands/profile_entry.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace plumb::commands {
namespace {

bson::Document json(std::string_view text) {
    return *bson::from_json(text);
}

std::vector<std::string> names_of(bson::View document) {
    std::vector<std::string> out;
    for (const bson::Element& field : document) {
        out.emplace_back(field.name);
    }
    return out;
}

class FinishedOperationTest : public ::testing::Test {
  protected:
    FinishedOperation operation(std::string_view kind, const bson::Document& command) {
        return {.kind = kind,
                .ns = "shop.orders",
                .command = command,
                .originating = {},
                .client = client_,
                .statistics = statistics_,
                .duration = std::chrono::microseconds{4200},
                .reply_bytes = 45};
    }

    ClientState client_{
        .connection_id = 7, .remote_address = "127.0.0.1:50212", .metadata = {}, .login = {}};
    exec::OperationStatistics statistics_;
};

TEST(ShownCommand, LeavesOutTheDocumentsOfWrites) {
    const bson::Document shown = shown_command(
        json(R"({"insert": "c", "documents": [{"secret": 1}], "ordered": true, "$db": "shop"})"));
    EXPECT_EQ(names_of(shown), (std::vector<std::string>{"insert", "ordered", "$db"}));
}

TEST(ShownCommand, HidesSecrets) {
    for (const std::string_view text : {R"({"saslStart": 1, "payload": "n,,n=ann,r=abc"})",
                                        R"({"createUser": "ann", "pwd": "hunter2", "roles": []})",
                                        R"({"updateUser": "ann", "pwd": "hunter2"})"}) {
        const std::string shown = bson::to_json(shown_command(json(text)));
        EXPECT_EQ(shown.find("hunter2"), std::string::npos) << shown;
        EXPECT_EQ(shown.find("n=ann"), std::string::npos) << shown;
    }
}

TEST(ShownCommand, CutsWhatIsLarge) {
    bson::Builder command;
    command.append("find", "c");
    command.append("comment", std::string(20'000, 'x'));
    const bson::Document shown = shown_command(command.finish_view());
    EXPECT_LT(shown.view().byte_size(), 100U);
    EXPECT_EQ(shown.find("find").as_string(), "c");
}

TEST_F(FinishedOperationTest, AFindHasTheFieldsOfTheSampleInTheirOrder) {
    statistics_.plan_summary = "COLLSCAN";
    statistics_.keys_examined = 0;
    statistics_.docs_examined = 2645;
    statistics_.documents_returned = 1;
    statistics_.has_sort_stage = true;
    statistics_.from_multi_planner = true;
    statistics_.cursor_exhausted = true;
    statistics_.query_hash = "6DAB46EC";
    statistics_.plan_cache_key = "801B9D84";
    statistics_.execution_stats = json(R"({"stage": "COLLSCAN"})");
    const bson::Document command = json(R"({"find": "orders"})");
    const bson::Document entry =
        profile_entry(operation("query", command), std::chrono::milliseconds{5});
    EXPECT_EQ(names_of(entry),
              (std::vector<std::string>{
                  "op",           "ns",           "command",          "keysExamined",
                  "docsExamined", "hasSortStage", "fromMultiPlanner", "cursorExhausted",
                  "numYield",     "nreturned",    "queryHash",        "planCacheKey",
                  "locks",        "flowControl",  "storage",          "responseLength",
                  "protocol",     "millis",       "planSummary",      "execStats",
                  "ts",           "client",       "allUsers",         "user"}));
    EXPECT_EQ(entry.find("millis").as_int32(), 4);
    EXPECT_EQ(entry.find("client").as_string(), "127.0.0.1");
}

TEST_F(FinishedOperationTest, APipelineShowsNoTree) {
    statistics_.plan_summary = "COLLSCAN";
    statistics_.execution_stats = json(R"({"stage": "COLLSCAN"})");
    const bson::Document command = json(R"({"aggregate": "orders"})");
    EXPECT_FALSE(field_groups(operation("command", command)).tree);
}

TEST_F(FinishedOperationTest, AnErrorStandsBeforeTheReply) {
    const Error error = fail(ErrorCode::BadValue, "wrong");
    const bson::Document command = json(R"({"find": "orders"})");
    FinishedOperation failed = operation("query", command);
    failed.error = &error;
    const std::vector<std::string> names =
        names_of(profile_entry(failed, std::chrono::milliseconds{5}));
    const auto at = std::find(names.begin(), names.end(), "ok");
    ASSERT_NE(at, names.end());
    EXPECT_EQ(std::vector<std::string>(at, at + 5),
              (std::vector<std::string>{"ok", "errMsg", "errName", "errCode", "responseLength"}));
}

}  // namespace
}  // namespace plumb::commands
