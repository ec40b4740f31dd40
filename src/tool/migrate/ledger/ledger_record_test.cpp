// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/ledger/ledger_record.h"

#include "bson/builder.h"
#include "bson/json.h"
#include "tool/migrate/ledger/lock_commands.h"

#include <gtest/gtest.h>

namespace plumb::migrate {
namespace {

project::MigrationFile file(int version, const char* key = "{email: 1}") {
    const std::string number = project::version_text(version);
    const std::string yaml = "version: " + number +
                             "\nname: m\nup:\n  - create_indexes: {collection: users, indexes: "
                             "[{key: " +
                             key + "}]}\n";
    auto read =
        project::read_migration(*project::parse_yaml(yaml, number + "_m.yaml"), number + "_m.yaml");
    EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.error().message());
    return *std::move(read);
}

Record record(int version, State state, const char* key = "{email: 1}") {
    Record out = new_record(file(version, key));
    out.state = state;
    return out;
}

// A record's document as it stands in the ledger.
bson::Document stored(const Record& record) {
    bson::Builder out;
    out.append("_id", record.version);
    out.append_all(record_fields(record));
    out.begin_array("events");
    out.end();
    return out.finish();
}

TEST(Record, SurvivesTheLedger) {
    Record before = record(3, State::Applying);
    before.fence = 7;
    before.started_ms = 1000;
    before.operations.front().state = OperationState::Applying;
    before.operations.front().intended =
        std::get<project::CreateIndexes>(file(3).up.front().body).indexes;
    const auto after = read_record(stored(before));
    ASSERT_TRUE(after.ok()) << after.error().message();
    EXPECT_EQ(after->version, 3);
    EXPECT_EQ(after->checksum, file(3).checksum());
    EXPECT_EQ(after->operations.front().intended.front().name, "email_1");
    EXPECT_EQ(bson::to_json(record_fields(*after).view()),
              bson::to_json(record_fields(before).view()));
}

TEST(Record, KeepsWhatADataOperationNeeds) {
    Record before = record(3, State::Applying);
    OperationRecord& entry = before.operations.front();
    entry.before = *bson::from_json(R"({"filter": {"n": {"$gt": 1}, "%": [{"$a": 1}]}})");
    entry.backup = "_plumb_backup_003_1_f7";
    entry.pass = 2;
    entry.position = bson::Value{"last"};
    entry.documents = 12;
    entry.batches = 3;
    entry.helpers.push_back(
        {"orders", entry.owned.empty() ? project::IndexDefinition{} : entry.owned.front()});
    entry.helpers.front().index.name = "_plumb_helper_a";
    entry.helpers.front().index.key = *bson::from_json(R"({"a": 1})");
    const bson::Document in_ledger = stored(before);
    for (const char* name : {"\"$gt\"", "\"$a\""}) {
        EXPECT_EQ(bson::to_json(in_ledger).find(name), std::string::npos) << name;
    }
    const auto after = read_record(in_ledger);
    ASSERT_TRUE(after.ok()) << after.error().message();
    const OperationRecord& read = after->operations.front();
    EXPECT_EQ(bson::to_json(read.before), bson::to_json(entry.before));
    EXPECT_EQ(read.position.view().as_string(), "last");
    EXPECT_EQ(read.helpers.front().collection, "orders");
    EXPECT_EQ(bson::to_json(record_fields(*after)), bson::to_json(record_fields(before)));
}

TEST(Record, DamagedLedgersAreErrors) {
    for (const char* json : {R"({"_id": 3})",
                             R"({"_id": 3, "state": "odd", "operations": [], "events": []})",
                             R"({"_id": 3, "state": "applied", "operations": [1], "events": []})",
                             R"({"_id": 3, "state": "applied", "operations": [{"state": "done",
                                 "owned": [7]}], "events": []})"}) {
        EXPECT_FALSE(read_record(*bson::from_json(json)).ok()) << json;
    }
}

TEST(DefinitionChanges, AreListedLineByLine) {
    const auto changes = definition_changes(file(3, "{email: 1}").canonical().view(),
                                            file(3, "{email: -1}").canonical().view());
    ASSERT_EQ(changes.size(), 2U);
    EXPECT_EQ(changes[0].front(), '-');
    EXPECT_EQ(changes[1].front(), '+');
    EXPECT_TRUE(definition_changes(file(3).canonical().view(), file(3).canonical().view()).empty());
}

TEST(Holder, IsReadFromTheLockDocument) {
    EXPECT_FALSE(
        holder_in(*bson::from_json(R"({"_id": "migration", "holder": null})")).has_value());
    const auto holder = holder_in(*bson::from_json(
        R"({"holder": {"host": "h", "process_id": 7, "tool": "plumb"}, "fence": 3})"));
    ASSERT_TRUE(holder.has_value());
    EXPECT_EQ(holder->runner.process_id, 7);
    EXPECT_EQ(holder->fence, 3);
}

TEST(ThisProcess, IsNotDead) {
    const Runner alive = describe_this_process();
    EXPECT_FALSE(is_known_dead(alive));
    Runner reused = alive;
    reused.process_start += 1;
    EXPECT_TRUE(is_known_dead(reused));
    Runner elsewhere = reused;
    elsewhere.machine = "another";
    EXPECT_FALSE(is_known_dead(elsewhere));
}

}  // namespace
}  // namespace plumb::migrate
