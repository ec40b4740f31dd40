// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/session_id.h"
#include "engine/commands/test_service_internal.h"

#include <fmt/format.h>

#include <future>

namespace plumb::commands {
namespace {

// A logical session: the fields that a driver adds to each command.
class TestSession {
  public:
    TestSession(TestService& service, char name) : service_(service), id_(16, name) {}

    bson::Document start(std::string_view command) {
        ++number_;
        return run(command, true);
    }
    bson::Document go_on(std::string_view command) { return run(command, false); }
    bson::Document commit() { return run(R"({"commitTransaction": 1, "$db": "admin"})", false); }
    bson::Document abort() { return run(R"({"abortTransaction": 1, "$db": "admin"})", false); }

    void set_number(std::int64_t number) { number_ = number; }
    const std::string& id() const { return id_; }

  private:
    bson::Document run(std::string_view command, bool starts) {
        bson::Builder out;
        out.append_all(bson::from_json(command).value());
        append_session_id(out, "lsid", id_);
        out.append("txnNumber", number_);
        out.append("autocommit", false);
        if (starts) {
            out.append("startTransaction", true);
        }
        return service_.run(out.finish_view());
    }

    TestService& service_;
    std::string id_;
    std::int64_t number_ = 0;
};

class Transactions : public testing::Test {
  protected:
    void SetUp() override {
        ASSERT_TRUE(succeeded(service_.run(
            R"({"insert": "c", "$db": "d", "documents": [{"_id": 1, "n": 0}, {"_id": 2, "n": 0}]})")));
    }
    std::int64_t count() { return count_with(R"({})"); }
    std::int64_t count_with(std::string_view query) {
        return number_of(
            service_.run(fmt::format(R"({{"count": "c", "$db": "d", "query": {}}})", query)), "n");
    }
    static std::size_t found(bson::View reply) {
        return reply.find("cursor").as_document().find("firstBatch").as_array().count();
    }

    TestService service_;
    TestSession one_{service_, 'a'};
    TestSession two_{service_, 'b'};
};

constexpr const char* kInsert = R"({"insert": "c", "$db": "d", "documents": [{"_id": 3}]})";
constexpr const char* kFindAll = R"({"find": "c", "$db": "d", "filter": {}})";
constexpr const char* kIncOne =
    R"({"update": "c", "$db": "d", "updates": [{"q": {"_id": 1}, "u": {"$inc": {"n": 1}}}]})";

TEST_F(Transactions, WritesAreTheirOwnUntilTheCommit) {
    ASSERT_TRUE(succeeded(one_.start(kInsert)));
    EXPECT_EQ(found(one_.go_on(kFindAll)), 3U);
    EXPECT_EQ(found(service_.run(kFindAll)), 2U);
    EXPECT_TRUE(succeeded(one_.commit()));
    EXPECT_EQ(count(), 3);
    EXPECT_TRUE(succeeded(one_.commit())) << "a commit asked for again is answered again";
    EXPECT_EQ(code_of(one_.abort()), 256);
}

TEST_F(Transactions, AbortTakesEverythingBack) {
    ASSERT_TRUE(succeeded(one_.start(kInsert)));
    ASSERT_TRUE(succeeded(
        one_.go_on(R"({"delete": "c", "$db": "d", "deletes": [{"q": {}, "limit": 0}]})")));
    EXPECT_EQ(found(one_.go_on(kFindAll)), 0U);
    EXPECT_TRUE(succeeded(one_.abort()));
    EXPECT_EQ(count(), 2);
    const bson::Document late = one_.go_on(kInsert);
    EXPECT_EQ(code_of(late), 251);
    EXPECT_TRUE(has_transient_label(late));
}

TEST_F(Transactions, ReadFromOneSnapshot) {
    ASSERT_EQ(found(one_.start(kFindAll)), 2U);
    ASSERT_TRUE(succeeded(service_.run(kInsert)));
    EXPECT_EQ(found(one_.go_on(kFindAll)), 2U);
    EXPECT_EQ(found(service_.run(kFindAll)), 3U);
    EXPECT_EQ(found(one_.go_on(
                  R"({"aggregate": "c", "$db": "d", "cursor": {}, "pipeline": [{"$match": {}}]})")),
              2U);
    EXPECT_EQ(one_.go_on(R"({"distinct": "c", "$db": "d", "key": "_id"})")
                  .find("values")
                  .as_array()
                  .count(),
              2U);
    EXPECT_TRUE(succeeded(one_.commit()));
}

TEST_F(Transactions, TheSecondOfTwoWritersGetsAConflict) {
    ASSERT_TRUE(succeeded(one_.start(kIncOne)));
    const bson::Document lost = two_.start(kIncOne);
    EXPECT_EQ(code_of(lost), 112);
    EXPECT_TRUE(has_transient_label(lost));
    EXPECT_EQ(code_of(two_.commit()), 251) << "the statement that failed has aborted it";
    EXPECT_TRUE(succeeded(one_.commit()));
    EXPECT_EQ(count_with(R"({"n": 1})"), 1);
}

TEST_F(Transactions, AWriteOutsideWaitsForTheCommit) {
    ASSERT_TRUE(succeeded(one_.start(kIncOne)));
    const bson::Document late = service_.run(
        R"({"update": "c", "$db": "d", "maxTimeMS": 100,
            "updates": [{"q": {"_id": 1}, "u": {"$inc": {"n": 1}}}]})");
    EXPECT_EQ(code_of(late), 50);
    auto waits = std::async(std::launch::async, [&] { return service_.run(kIncOne); });
    EXPECT_TRUE(succeeded(one_.commit()));
    EXPECT_TRUE(succeeded(waits.get()));
    EXPECT_EQ(count_with(R"({"n": 2})"), 1);
}

TEST_F(Transactions, AStatementThatFailsEndsIt) {
    const bson::Document reply =
        one_.start(R"({"insert": "c", "$db": "d", "documents": [{"_id": 9}, {"_id": 1}]})");
    ASSERT_TRUE(succeeded(reply));
    EXPECT_EQ(number_of(reply.find("writeErrors").as_array().at(0).as_document(), "code"), 11000);
    EXPECT_FALSE(reply.has("errorLabels"));
    EXPECT_EQ(code_of(one_.commit()), 251);
    EXPECT_EQ(count(), 2);
}

TEST_F(Transactions, CursorsGoOnInTheirTransactionOnly) {
    const bson::Document first =
        one_.start(R"({"find": "c", "$db": "d", "filter": {}, "batchSize": 1})");
    const std::int64_t id = number_of(first.find("cursor").as_document(), "id");
    ASSERT_GT(id, 0);
    const std::string more =
        fmt::format(R"({{"getMore": {{"$numberLong": "{}"}}, "collection": "c", "$db": "d"}})", id);
    EXPECT_EQ(code_of(service_.run(more)), 50737);
    EXPECT_EQ(code_of(two_.start(more)), 50738);
    ASSERT_TRUE(succeeded(one_.go_on(kInsert)));
    const bson::Document rest = one_.go_on(more);
    ASSERT_TRUE(succeeded(rest));
    EXPECT_EQ(rest.find("cursor").as_document().find("nextBatch").as_array().count(), 2U);
    EXPECT_TRUE(succeeded(one_.commit()));
    EXPECT_EQ(code_of(one_.go_on(more)), 256);
}

struct Refusal {
    const char* command;
    std::int64_t code;
};

TEST_F(Transactions, RefuseWhatDoesNotBelongThere) {
    const Refusal refusals[] = {
        {R"({"count": "c", "$db": "d"})", 263},
        {R"({"create": "new", "$db": "d"})", 263},
        {R"({"insert": "new", "$db": "d", "documents": [{}]})", 263},
        {R"({"update": "new", "$db": "d", "updates": [{"q": {}, "u": {"a": 1}, "upsert": true}]})",
         263},
        {R"({"find": "c", "$db": "admin"})", 263},
        {R"({"aggregate": "c", "$db": "d", "cursor": {}, "pipeline": [{"$out": "x"}]})", 263},
        {R"({"find": "c", "$db": "d", "readConcern": {"level": "available"}})", 72},
        {R"({"insert": "c", "$db": "d", "documents": [{}], "writeConcern": {"w": 1}})", 72},
        {R"({"commitTransaction": 1, "$db": "admin"})", 263},
    };
    for (const Refusal& refusal : refusals) {
        const bson::Document reply = one_.start(refusal.command);
        const bson::ValueView errors = reply.find("writeErrors");
        const std::int64_t code = errors.missing()
                                      ? code_of(reply)
                                      : number_of(errors.as_array().at(0).as_document(), "code");
        EXPECT_EQ(code, refusal.code) << refusal.command;
    }
    EXPECT_EQ(count(), 2);
}

TEST_F(Transactions, NumbersOnlyRise) {
    one_.set_number(7);
    ASSERT_TRUE(succeeded(one_.start(kInsert)));  // 8
    one_.set_number(6);
    EXPECT_EQ(code_of(one_.go_on(kFindAll)), 225);
    EXPECT_EQ(code_of(one_.start(kFindAll)), 225);    // 7
    EXPECT_EQ(code_of(one_.start(kFindAll)), 50911);  // 8, which is open
    ASSERT_TRUE(succeeded(one_.start(kFindAll)));     // 9 aborts 8
    EXPECT_TRUE(succeeded(one_.commit()));
    EXPECT_EQ(count(), 2);
}

TEST_F(Transactions, ACollectionMadeSinceCannotBeRead) {
    ASSERT_EQ(found(one_.start(kFindAll)), 2U);
    ASSERT_TRUE(succeeded(service_.run(R"({"drop": "c", "$db": "d"})")));
    ASSERT_TRUE(succeeded(service_.run(kInsert)));
    const bson::Document reply = one_.go_on(kFindAll);
    EXPECT_EQ(code_of(reply), 246);
    EXPECT_TRUE(has_transient_label(reply));
    const bson::Document late = two_.start(kIncOne);
    ASSERT_TRUE(succeeded(late));
    EXPECT_TRUE(succeeded(two_.commit()));
}

TEST_F(Transactions, CappedCollectionsAreReadOnly) {
    ASSERT_TRUE(
        succeeded(service_.run(R"({"create": "log", "$db": "d", "capped": true, "size": 10000})")));
    EXPECT_EQ(code_of(one_.start(R"({"insert": "log", "$db": "d", "documents": [{}]})")), 263);
    ASSERT_TRUE(succeeded(one_.start(R"({"find": "log", "$db": "d"})")));
    EXPECT_TRUE(succeeded(one_.commit()));
}

TEST_F(Transactions, ACommitIsRememberedOverARestart) {
    ASSERT_TRUE(succeeded(one_.start(kInsert)));
    ASSERT_TRUE(succeeded(one_.commit()));
    ASSERT_TRUE(succeeded(two_.start(kIncOne)));
    service_.reopen();
    EXPECT_TRUE(succeeded(one_.commit()));
    EXPECT_EQ(code_of(two_.commit()), 251);
    EXPECT_EQ(count(), 3);
    EXPECT_EQ(count_with(R"({"n": 0})"), 2);
}

TEST_F(Transactions, OneThatLivesTooLongIsAborted) {
    ASSERT_TRUE(succeeded(service_.run(
        R"({"setParameter": 1, "$db": "admin", "transactionLifetimeLimitSeconds": 1})")));
    ASSERT_TRUE(succeeded(one_.start(kIncOne)));
    EXPECT_TRUE(succeeded(service_.run(kIncOne))) << "waits until the transaction is gone";
    EXPECT_EQ(code_of(one_.commit()), 251);
}

TEST_F(Transactions, EndWithTheirSession) {
    ASSERT_TRUE(succeeded(one_.start(kIncOne)));
    bson::Builder end;
    end.begin_array("endSessions");
    end.push_document().append_binary("id", {4, one_.id()}).end();
    end.end();
    end.append("$db", "admin");
    ASSERT_TRUE(succeeded(service_.run(end.finish_view())));
    EXPECT_TRUE(succeeded(service_.run(kIncOne)));
    EXPECT_EQ(code_of(one_.commit()), 251);
}

TEST_F(Transactions, DropAndIndexBuildsWaitForThemNoLongerThanTheyMay) {
    ASSERT_TRUE(succeeded(one_.start(kIncOne)));
    EXPECT_EQ(code_of(service_.run(R"({"drop": "c", "$db": "d", "maxTimeMS": 100})")), 50);
    EXPECT_EQ(code_of(service_.run(
                  R"({"createIndexes": "c", "$db": "d", "maxTimeMS": 100,
                      "indexes": [{"key": {"n": 1}, "name": "n_1"}]})")),
              50);
    EXPECT_TRUE(succeeded(one_.go_on(kInsert))) << "the collection is as it was";
    EXPECT_TRUE(succeeded(one_.commit()));
    EXPECT_TRUE(succeeded(service_.run(R"({"drop": "c", "$db": "d", "maxTimeMS": 1000})")));
}

TEST(Standalone, RefusesTransactionNumbers) {
    TestService service{""};
    TestSession session{service, 'a'};
    EXPECT_EQ(code_of(session.start(kFindAll)), 20);
    EXPECT_EQ(code_of(service.run(R"({"replSetGetStatus": 1, "$db": "admin"})")), 76);
    const bson::Document hello = service.run(R"({"isMaster": 1, "$db": "admin"})");
    EXPECT_FALSE(hello.has("setName"));
    EXPECT_FALSE(hello.has("operationTime"));
}

TEST(ReplicaSet, SaysThatItIsPrimary) {
    TestService service;
    const bson::Document hello = service.run(R"({"hello": 1, "$db": "admin"})");
    EXPECT_EQ(hello.find("setName").as_string(), "rs");
    EXPECT_EQ(hello.find("me").as_string(), "127.0.0.1:27017");
    EXPECT_TRUE(hello.find("isWritablePrimary").as_bool());
    EXPECT_TRUE(hello.has("operationTime"));
    EXPECT_EQ(code_of(service.run(R"({"replSetInitiate": {}, "$db": "admin"})")), 23);
    EXPECT_EQ(number_of(service.run(R"({"replSetGetStatus": 1, "$db": "admin"})"), "myState"), 1);
    const bson::Document unsatisfied =
        service.run(R"({"insert": "c", "$db": "d", "documents": [{}], "writeConcern": {"w": 2}})");
    EXPECT_TRUE(succeeded(unsatisfied));
    EXPECT_EQ(number_of(unsatisfied.find("writeConcernError").as_document(), "code"), 100);
}

TEST(ReplicaSet, OperationTimeRisesWithWrites) {
    TestService service;
    const auto time = [&](std::string_view command) {
        return service.run(command).find("operationTime").as_timestamp();
    };
    const bson::Timestamp before = time(R"({"ping": 1, "$db": "d"})");
    const bson::Timestamp written = time(kInsert);
    EXPECT_GT(written, before);
    EXPECT_GE(time(R"({"ping": 1, "$db": "d"})"), written);
    const auto read_after = [&](std::uint32_t ahead) {
        return code_of(service.run(fmt::format(
            R"({{"find": "c", "$db": "d", "readConcern": {{"afterClusterTime":
                {{"$timestamp": {{"t": {}, "i": {}}}}}}}}})",
            written.seconds + ahead,
            written.increment)));
    };
    EXPECT_EQ(read_after(0), 0);
    EXPECT_EQ(read_after(100), 72);
}

}  // namespace
}  // namespace plumb::commands
