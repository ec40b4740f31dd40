// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/engine.h"

#include "engine/storage/test_engine_internal.h"

#include <sys/stat.h>

#include <fstream>
#include <thread>

namespace plumb::storage {
namespace {

using EngineOpen = EngineTest;
using EngineCollections = EngineTest;

TEST_F(EngineOpen, MakesThePrivateDirectory) {
    struct stat status {};
    ASSERT_EQ(::stat((directory_.path() / "data").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0700U);
}

TEST_F(EngineOpen, RefusesASecondEngineOnTheDirectory) {
    const auto second = Engine::open({directory_.path() / "data"}, field_equals, clock_, faults_);
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code(), ErrorCode::DataDirectoryInUse);
    EXPECT_NE(second.error().message().find((directory_.path() / "data").string()),
              std::string::npos);
}

TEST_F(EngineOpen, RefusesAnotherVersionAndLeavesItAsItIs) {
    engine_.reset();
    const auto version = directory_.path() / "data" / "plumbline.version";
    std::ofstream{version} << "2\n";
    const auto other = Engine::open({directory_.path() / "data"}, field_equals, clock_, faults_);
    ASSERT_FALSE(other.ok());
    EXPECT_EQ(other.error().code(), ErrorCode::DataVersionMismatch);
    std::string line;
    std::getline(std::ifstream{version}, line);
    EXPECT_EQ(line, "2");
}

TEST_F(EngineOpen, RefusesADirectoryOfAnotherProgram) {
    const auto foreign = directory_.path() / "foreign";
    std::filesystem::create_directory(foreign);
    std::ofstream{foreign / "WiredTiger"} << "WiredTiger\n";
    const auto other = Engine::open({foreign}, field_equals, clock_, faults_);
    ASSERT_FALSE(other.ok());
    EXPECT_EQ(other.error().code(), ErrorCode::DataVersionMismatch);
    EXPECT_FALSE(std::filesystem::exists(foreign / "plumbline.version"));
}

TEST_F(EngineOpen, SaysWhatIsWrongWithAPathThatIsAFile) {
    const auto file = directory_.path() / "file";
    std::ofstream{file} << "x";
    const auto other = Engine::open({file}, field_equals, clock_, faults_);
    ASSERT_FALSE(other.ok());
    EXPECT_EQ(other.error().code(), ErrorCode::IoError);
}

TEST_F(EngineOpen, EmptiesItsTemporaryDirectory) {
    engine_.reset();
    std::ofstream{directory_.path() / "data" / "tmp" / "left-over"} << "x";
    open();
    EXPECT_TRUE(std::filesystem::is_empty(directory_.path() / "data" / "tmp"));
}

TEST_F(EngineCollections, ComeBackAfterReopening) {
    const auto created = engine_->create_collection("shop.orders", json(R"({"capped": false})"));
    ASSERT_TRUE(created.ok());
    const std::string uuid = (*created)->uuid.bytes;
    must_insert("shop.orders", R"({"_id": 1, "a": "x"})");
    ASSERT_TRUE(build("shop.orders", {index_spec("a_1", R"({"a": 1})")}).ok());
    open();
    const auto orders = engine_->collection("shop.orders");
    ASSERT_TRUE(orders.has_value());
    EXPECT_EQ(orders->state().uuid.bytes, uuid);
    EXPECT_TRUE(orders->state().options.has("capped"));
    ASSERT_EQ(orders->state().indexes.size(), 2U);
    EXPECT_EQ(orders->state().indexes[0]->spec.name, "_id_");
    EXPECT_EQ(bson::to_json(orders->state().indexes[0]->spec.listed),
              bson::to_json(json(R"({"v": 2, "key": {"_id": 1}, "name": "_id_"})")));
    EXPECT_EQ(orders->document_count(), 1);
    EXPECT_EQ(ids_by_index("shop.orders", "a_1"), std::vector<std::int64_t>{1});
    EXPECT_TRUE(problems("shop.orders").empty());
}

TEST_F(EngineCollections, ExistOnce) {
    create("shop.orders");
    const auto again = engine_->create_collection("shop.orders", bson::View{});
    ASSERT_FALSE(again.ok());
    EXPECT_EQ(again.error().code(), ErrorCode::NamespaceExists);
}

TEST_F(EngineCollections, ViewsHaveNoTables) {
    const auto view =
        engine_->create_collection("shop.v", json(R"({"viewOn": "orders", "pipeline": []})"));
    ASSERT_TRUE(view.ok());
    EXPECT_TRUE((*view)->is_view());
    EXPECT_TRUE((*view)->table.empty());
    open();
    EXPECT_TRUE(engine_->collection("shop.v")->state().is_view());
}

TEST_F(EngineCollections, DropRemovesFilesAndName) {
    create("shop.orders");
    must_insert("shop.orders", R"({"_id": 1})");
    EXPECT_EQ(files("collection-"), 1U);
    ASSERT_TRUE(engine_->drop_collection("shop.orders").ok());
    EXPECT_FALSE(engine_->collection("shop.orders").has_value());
    EXPECT_EQ(files("collection-"), 0U);
    EXPECT_EQ(files("index-"), 0U);
    EXPECT_EQ(engine_->drop_collection("shop.orders").error().code(), ErrorCode::NamespaceNotFound);
    create("shop.orders");
    EXPECT_EQ(engine_->collection("shop.orders")->document_count(), 0);
}

TEST_F(EngineCollections, DropWaitsForWhoHoldsTheCollection) {
    create("shop.orders");
    auto held = engine_->collection("shop.orders");
    std::thread dropper{[this] { EXPECT_TRUE(engine_->drop_collection("shop.orders").ok()); }};
    // Taken a second time while the drop waits: it must not wait for the drop.
    auto held_again = engine_->collection("shop.orders");
    if (held_again.has_value()) {
        std::string document;
        auto transaction = engine_->begin(Access::Read);
        EXPECT_TRUE(held_again->read(**transaction, RecordId{1}, document).ok());
    }
    held_again.reset();
    held.reset();
    dropper.join();
    EXPECT_FALSE(engine_->collection("shop.orders").has_value());
}

TEST_F(EngineCollections, RenameKeepsDataAndReplacesATargetOnlyIfAsked) {
    create("shop.a");
    create("shop.b");
    must_insert("shop.a", R"({"_id": 1})");
    EXPECT_EQ(engine_->rename_collection("shop.a", "shop.b", false).error().code(),
              ErrorCode::NamespaceExists);
    ASSERT_TRUE(engine_->rename_collection("shop.a", "shop.b", true).ok());
    EXPECT_FALSE(engine_->collection("shop.a").has_value());
    EXPECT_EQ(engine_->collection("shop.b")->document_count(), 1);
    open();
    ASSERT_EQ(engine_->collections().size(), 1U);
    EXPECT_EQ(engine_->collections()[0]->ns, "shop.b");
    EXPECT_EQ(files("collection-"), 1U);
    EXPECT_EQ(engine_->rename_collection("shop.a", "shop.c", false).error().code(),
              ErrorCode::NamespaceNotFound);
}

TEST_F(EngineCollections, OptionsAndIndexesCanBeAltered) {
    create("shop.orders");
    ASSERT_TRUE(build("shop.orders", {index_spec("a_1", R"({"a": 1})")}).ok());
    ASSERT_TRUE(engine_->set_options("shop.orders", json(R"({"validationLevel": "off"})")).ok());
    IndexSpec hidden = index_spec("a_1", R"({"a": 1})");
    hidden.hidden = true;
    ASSERT_TRUE(engine_->alter_index("shop.orders", hidden).ok());
    open();
    const auto orders = engine_->collection("shop.orders");
    EXPECT_TRUE(orders->state().options.has("validationLevel"));
    EXPECT_TRUE(orders->state().find_index("a_1")->spec.hidden);
}

TEST_F(EngineCollections, DropIndexesTakesAllOrNone) {
    create("shop.orders");
    ASSERT_TRUE(
        build("shop.orders", {index_spec("a_1", R"({"a": 1})"), index_spec("b_1", R"({"b": 1})")})
            .ok());
    EXPECT_EQ(engine_->drop_indexes("shop.orders", {"a_1", "c_1"}).error().code(),
              ErrorCode::IndexNotFound);
    EXPECT_EQ(engine_->collection("shop.orders")->state().indexes.size(), 3U);
    EXPECT_FALSE(engine_->drop_indexes("shop.orders", {"_id_"}).ok());
    ASSERT_TRUE(engine_->drop_indexes("shop.orders", {"a_1", "b_1"}).ok());
    EXPECT_EQ(engine_->collection("shop.orders")->state().indexes.size(), 1U);
    EXPECT_EQ(files("index-"), 1U);
}

TEST_F(EngineCollections, TellSizesAndStatistics) {
    create("shop.orders");
    must_insert("shop.orders", R"({"_id": 1})");
    ASSERT_TRUE(engine_->checkpoint().ok());
    const auto orders = engine_->collection("shop.orders");
    const auto records = engine_->record_table_sizes(orders->state());
    ASSERT_TRUE(records.ok());
    EXPECT_GT(records->file_bytes, 0);
    const auto index = engine_->index_table_sizes(*orders->state().indexes[0]);
    ASSERT_TRUE(index.ok());
    EXPECT_GT(index->file_bytes, 0);
    const auto statistics = engine_->statistics();
    ASSERT_TRUE(statistics.ok());
    EXPECT_TRUE(std::any_of(statistics->begin(), statistics->end(), [](const auto& row) {
        return row.first == "cache: bytes currently in the cache";
    }));
}

}  // namespace
}  // namespace plumb::storage
