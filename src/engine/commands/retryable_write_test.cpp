// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/session_id.h"
#include "engine/commands/test_service_internal.h"

#include <fmt/format.h>

namespace plumb::commands {
namespace {

class RetryableWrites : public testing::Test {
  protected:
    bson::Document run(std::string_view command, std::int64_t number) {
        return run(bson::from_json(command).value().view(), number);
    }
    bson::Document run(bson::View command, std::int64_t number) {
        bson::Builder out;
        out.append_all(command);
        append_session_id(out, "lsid", std::string(16, 'r'));
        out.append("txnNumber", number);
        return service_.run(out.finish_view());
    }
    std::int64_t count() { return number_of(service_.run(R"({"count": "c", "$db": "d"})"), "n"); }
    // What must not happen: the reply of a retry that is not that of the first time.
    void expect_same(std::string_view command, std::int64_t number) {
        const bson::Document first = run(command, number);
        ASSERT_TRUE(succeeded(first)) << command;
        const bson::Document again = run(command, number);
        service_.reopen();
        const bson::Document after_restart = run(command, number);
        for (const char* field :
             {"n", "nModified", "upserted", "value", "lastErrorObject", "writeErrors"}) {
            const std::string wanted{first.find(field).raw()};
            EXPECT_EQ(std::string{again.find(field).raw()}, wanted) << command << field;
            EXPECT_EQ(std::string{after_restart.find(field).raw()}, wanted) << command << field;
        }
    }

    TestService service_;
};

TEST_F(RetryableWrites, GiveTheOutcomeOfTheFirstTime) {
    const char* const commands[] = {
        R"({"insert": "c", "$db": "d", "documents": [{"_id": 1, "n": 0}, {"_id": 2}, {"a": 1}]})",
        R"({"update": "c", "$db": "d", "updates": [{"q": {"_id": 1}, "u": {"$inc": {"n": 1}}},
            {"q": {"_id": 5}, "u": {"$inc": {"n": 1}}, "upsert": true},
            {"q": {"_id": 6}, "u": {"$inc": {"n": 1}}}]})",
        R"({"findAndModify": "c", "$db": "d", "query": {"_id": 1}, "update": {"$inc": {"n": 1}}})",
        R"({"findAndModify": "c", "$db": "d", "query": {"_id": 1}, "update": {"$inc": {"n": 1}},
            "new": true, "fields": {"n": 1}})",
        R"({"findAndModify": "c", "$db": "d", "query": {"_id": 8}, "update": {"n": 3},
            "upsert": true})",
        R"({"delete": "c", "$db": "d", "deletes": [{"q": {"_id": 2}, "limit": 1},
            {"q": {"_id": 2}, "limit": 1}]})",
        R"({"findAndModify": "c", "$db": "d", "query": {"_id": 8}, "remove": true})",
    };
    std::int64_t number = 1;
    for (const char* command : commands) {
        expect_same(command, number++);
    }
    const bson::Document found = service_.run(R"({"find": "c", "$db": "d", "filter": {"_id": 1}})");
    EXPECT_EQ(
        number_of(
            found.find("cursor").as_document().find("firstBatch").as_array().at(0).as_document(),
            "n"),
        3);
    EXPECT_EQ(count(), 3);
}

TEST_F(RetryableWrites, DoWhatWasMissingOfABatch) {
    const bson::Document first = run(
        R"({"insert": "c", "$db": "d", "ordered": false, "stmtId": 10,
            "documents": [{"_id": 1}, {"_id": 1}, {"_id": 2}]})",
        1);
    EXPECT_EQ(number_of(first, "n"), 2);
    EXPECT_TRUE(first.has("writeErrors"));
    ASSERT_TRUE(succeeded(service_.run(
        R"({"delete": "c", "$db": "d", "deletes": [{"q": {"_id": 1}, "limit": 1}]})")));
    const bson::Document again = run(
        R"({"insert": "c", "$db": "d", "ordered": false, "stmtId": 10,
            "documents": [{"_id": 1}, {"_id": 1}, {"_id": 2}]})",
        1);
    EXPECT_EQ(number_of(again, "n"), 3) << "the statement that had failed is tried";
    EXPECT_EQ(count(), 2);
}

TEST_F(RetryableWrites, TakeOldNumbersForMistakes) {
    ASSERT_TRUE(succeeded(run(R"({"insert": "c", "$db": "d", "documents": [{"_id": 1}]})", 5)));
    EXPECT_EQ(code_of(run(R"({"insert": "c", "$db": "d", "documents": [{"_id": 2}]})", 4)), 225);
    ASSERT_TRUE(succeeded(run(R"({"insert": "c", "$db": "d", "documents": [{"_id": 2}]})", 6)));
    EXPECT_EQ(count(), 2);
}

TEST_F(RetryableWrites, RefuseWritesOverMany) {
    const auto code = [&](std::string_view command) {
        const bson::Document reply = run(command, 1);
        const bson::ValueView errors = reply.find("writeErrors");
        return errors.missing() ? code_of(reply)
                                : number_of(errors.as_array().at(0).as_document(), "code");
    };
    EXPECT_EQ(code(R"({"update": "c", "$db": "d",
                       "updates": [{"q": {}, "u": {"$set": {"a": 1}}, "multi": true}]})"),
              72);
    EXPECT_EQ(code(R"({"delete": "c", "$db": "d", "deletes": [{"q": {}, "limit": 0}]})"), 72);
    EXPECT_EQ(code(R"({"find": "c", "$db": "d"})"), 50768);
}

TEST_F(RetryableWrites, RememberLargeBatches) {
    constexpr std::int32_t kStatements = 1500;
    bson::Builder command;
    command.append("update", "c").append("$db", "d");
    command.begin_array("updates");
    for (std::int32_t id = 0; id < kStatements; ++id) {
        command.push_document();
        command.begin_document("q").append("_id", id).end();
        command.begin_document("u").begin_document("$inc").append("n", 1).end().end();
        command.append("upsert", true);
        command.end();
    }
    command.end();
    const bson::Document updates = command.finish();
    EXPECT_EQ(number_of(run(updates, 1), "n"), kStatements);
    service_.reopen();
    EXPECT_EQ(number_of(run(updates, 1), "n"), kStatements);
    EXPECT_EQ(number_of(service_.run(R"({"count": "c", "$db": "d", "query": {"n": 1}})"), "n"),
              kStatements);
    // The next number throws the old pages away.
    ASSERT_TRUE(succeeded(run(R"({"insert": "c", "$db": "d", "documents": [{}]})", 2)));
    EXPECT_EQ(
        number_of(service_.run(R"({"count": "transactions", "$db": "config", "query": {}})"), "n"),
        1);
}

TEST_F(RetryableWrites, GoToCappedCollectionsToo) {
    ASSERT_TRUE(
        succeeded(service_.run(R"({"create": "log", "$db": "d", "capped": true, "size": 10000})")));
    const char* const insert = R"({"insert": "log", "$db": "d", "documents": [{"_id": 1}]})";
    EXPECT_EQ(number_of(run(insert, 1), "n"), 1);
    EXPECT_EQ(number_of(run(insert, 1), "n"), 1);
    EXPECT_EQ(number_of(service_.run(R"({"count": "log", "$db": "d"})"), "n"), 1);
}

TEST_F(RetryableWrites, LiveOnWithoutTheirCollection) {
    ASSERT_TRUE(succeeded(run(R"({"insert": "c", "$db": "d", "documents": [{"_id": 1}]})", 1)));
    ASSERT_TRUE(succeeded(service_.run(R"({"drop": "transactions", "$db": "config"})")));
    ASSERT_TRUE(succeeded(run(R"({"insert": "c", "$db": "d", "documents": [{"_id": 2}]})", 2)));
    ASSERT_TRUE(succeeded(run(R"({"insert": "c", "$db": "d", "documents": [{"_id": 3}]})", 3)));
    EXPECT_EQ(count(), 3);
    const bson::Document checked =
        service_.run(R"({"validate": "transactions", "$db": "config", "full": true})");
    EXPECT_TRUE(checked.find("valid").as_bool());
}

}  // namespace
}  // namespace plumb::commands
