// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/random.h"
#include "engine/storage/index_build_internal.h"
#include "engine/storage/test_engine_internal.h"

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

namespace plumb::storage {
namespace {

class IndexBuildTest : public EngineTest {
  protected:
    static constexpr const char* kNs = "shop.orders";
    void SetUp() override {
        EngineTest::SetUp();
        create(kNs);
    }

    static bson::Document order(std::int64_t number) {
        Random random = Random::stream(7, static_cast<std::uint64_t>(number));
        bson::Builder out;
        out.append("_id", number);
        out.append("user", "usr_" + std::to_string(random.below(500)));
        out.append("day", static_cast<std::int32_t>(random.below(30)));
        out.append("code", "ord_" + std::to_string(number * 7919));
        out.begin_array("tags");
        for (std::uint64_t tag = random.below(3); tag > 0; --tag) {
            out.push(static_cast<std::int32_t>(random.below(10)));
        }
        out.end();
        return out.finish();
    }

    void fill(std::int64_t first, std::int64_t last) {
        const auto collection = engine_->collection(kNs);
        auto transaction = engine_->begin(Access::Write);
        for (std::int64_t number = first; number < last; ++number) {
            ASSERT_TRUE(collection->insert(**transaction, order(number)).ok());
        }
        ASSERT_TRUE((*transaction)->commit().ok());
    }

    static std::vector<IndexSpec> four_specs() {
        return {index_spec("user_1", R"({"user": 1})"),
                index_spec("day_-1_user_1", R"({"day": -1, "user": 1})"),
                index_spec("tags_1", R"({"tags": 1})"),
                unique_spec("code_1", R"({"code": 1})")};
    }

    std::size_t index_count() { return engine_->collection(kNs)->state().indexes.size(); }
    std::size_t temporary_files() const {
        return static_cast<std::size_t>(
            std::distance(std::filesystem::directory_iterator{directory_.path() / "data" / "tmp"},
                          std::filesystem::directory_iterator{}));
    }
};

TEST_F(IndexBuildTest, FourIndexesOfOneScanAgreeWithTheRecords) {
    fill(0, 5000);
    ASSERT_TRUE(build(kNs, four_specs()).ok());
    EXPECT_EQ(index_count(), 5U);
    EXPECT_TRUE(engine_->collection(kNs)->state().find_index("tags_1")->multikey);
    EXPECT_FALSE(engine_->collection(kNs)->state().find_index("user_1")->multikey);
    EXPECT_TRUE(problems(kNs).empty());
    fill(5000, 5500);
    EXPECT_TRUE(problems(kNs).empty());
    open();
    EXPECT_EQ(index_count(), 5U);
    EXPECT_TRUE(problems(kNs).empty());
}

TEST_F(IndexBuildTest, TinyMemorySpillsAndGivesTheSame) {
    fill(0, 30'000);
    BuildOptions options;
    options.memory_bytes = 1;
    ASSERT_TRUE(build(kNs, four_specs(), options).ok());
    EXPECT_TRUE(problems(kNs).empty());
    EXPECT_EQ(temporary_files(), 0U);
    EXPECT_EQ(ids_by_index(kNs, "code_1").size(), 30'000U);
}

TEST_F(IndexBuildTest, ADuplicateNamesItsKeyAndLeavesNothing) {
    must_insert(kNs, R"({"_id": 1, "a": "x", "b": 1})");
    must_insert(kNs, R"({"_id": 2, "a": "y", "b": 1})");
    must_insert(kNs, R"({"_id": 3, "a": "x", "b": 1})");
    const Status built =
        build(kNs, {index_spec("b_1", R"({"b": 1})"), unique_spec("a_1", R"({"a": 1})")});
    ASSERT_FALSE(built.ok());
    EXPECT_EQ(built.error().code(), ErrorCode::DuplicateKey);
    EXPECT_EQ(bson::to_json(bson::Document{built.error().details()}.view()),
              bson::to_json(json(R"({"keyPattern": {"a": 1}, "keyValue": {"a": "x"}})")));
    EXPECT_EQ(index_count(), 1U);
    EXPECT_EQ(files("index-"), 1U);
    EXPECT_EQ(files("sidelog-"), 0U);
    ASSERT_TRUE(insert(kNs, json(R"({"_id": 4, "a": "x"})")).ok());
    EXPECT_TRUE(problems(kNs).empty());
}

TEST_F(IndexBuildTest, ParallelArraysEndTheBuildAndLeaveNothing) {
    must_insert(kNs, R"({"_id": 1, "a": [1, 2], "b": [1, 2]})");
    const Status built = build(kNs, {index_spec("ab", R"({"a": 1, "b": 1})")});
    ASSERT_FALSE(built.ok());
    EXPECT_EQ(built.error().code(), ErrorCode::CannotIndexParallelArrays);
    EXPECT_EQ(files("index-"), 1U);
}

TEST_F(IndexBuildTest, OnAnEmptyCollectionAndOnOneThatIsNotThere) {
    ASSERT_TRUE(build(kNs, four_specs()).ok());
    EXPECT_EQ(index_count(), 5U);
    fill(0, 100);
    EXPECT_TRUE(problems(kNs).empty());
    EXPECT_EQ(build("shop.none", four_specs()).error().code(), ErrorCode::NamespaceNotFound);
}

TEST_F(IndexBuildTest, ARebuildPutsNewTablesInThePlaceOfTheOld) {
    fill(0, 3000);
    ASSERT_TRUE(build(kNs, four_specs()).ok());
    const auto before = engine_->collection(kNs)->shared_state();
    Interrupt interrupt{clock_};
    ASSERT_TRUE(engine_->rebuild_indexes(kNs, {}, interrupt).ok());
    const auto after = engine_->collection(kNs)->shared_state();
    ASSERT_EQ(after->indexes.size(), before->indexes.size());
    for (std::size_t at = 0; at < after->indexes.size(); ++at) {
        EXPECT_EQ(after->indexes[at]->spec.name, before->indexes[at]->spec.name);
        EXPECT_EQ(after->indexes[at]->table == before->indexes[at]->table, at == 0);
    }
    EXPECT_TRUE(after->find_index("tags_1")->multikey);
    EXPECT_EQ(files("index-"), 5U);
    // Whoever planned with the old indexes plans again.
    auto transaction = engine_->begin(Access::Read);
    EXPECT_EQ(
        IndexCursor::open(**transaction, *before->indexes[1], Direction::Forward).error().code(),
        ErrorCode::WriteConflict);
    transaction->reset();
    fill(3000, 3100);
    open();
    EXPECT_TRUE(problems(kNs).empty());
    EXPECT_EQ(ids_by_index(kNs, "code_1").size(), 3100U);
}

TEST_F(IndexBuildTest, AnInterruptedRebuildKeepsTheOldIndexes) {
    fill(0, 3000);
    ASSERT_TRUE(build(kNs, four_specs()).ok());
    const auto before = engine_->collection(kNs)->shared_state();
    Interrupt interrupt{clock_};
    BuildOptions options;
    options.on_progress = [&](const BuildProgress& progress) {
        if (progress.phase == BuildProgress::Phase::Loading) {
            interrupt.kill(ErrorCode::Interrupted);
        }
    };
    EXPECT_EQ(engine_->rebuild_indexes(kNs, options, interrupt).error().code(),
              ErrorCode::Interrupted);
    EXPECT_EQ(engine_->collection(kNs)->shared_state(), before);
    EXPECT_EQ(files("index-"), 5U);
    EXPECT_EQ(files("sidelog-"), 0U);
    EXPECT_TRUE(problems(kNs).empty());
}

TEST_F(IndexBuildTest, ARebuildWithWritersBesideItLosesNothing) {
    fill(0, 4000);
    ASSERT_TRUE(build(kNs, four_specs()).ok());
    std::atomic<bool> done{false};
    std::thread writer{[&] {
        for (std::int64_t number = 4000; !done.load(); ++number) {
            Interrupt interrupt{clock_};
            EXPECT_TRUE(engine_
                            ->run_write(Durability::Lazy,
                                        interrupt,
                                        [&](Transaction& transaction) -> Status {
                                            const auto collection = engine_->collection(kNs);
                                            PLUMB_TRY(
                                                id, collection->insert(transaction, order(number)));
                                            static_cast<void>(id);
                                            return {};
                                        })
                            .ok());
        }
    }};
    for (int round = 0; round < 3; ++round) {
        Interrupt interrupt{clock_};
        EXPECT_TRUE(engine_->rebuild_indexes(kNs, {}, interrupt).ok());
    }
    done = true;
    writer.join();
    EXPECT_TRUE(problems(kNs).empty());
    EXPECT_EQ(static_cast<std::int64_t>(ids_by_index(kNs, "code_1").size()),
              engine_->collection(kNs)->document_count());
}

TEST_F(IndexBuildTest, ProgressNeverPassesItsTotal) {
    fill(0, 5000);
    const auto collection = engine_->collection(kNs);
    BuildOptions options;
    bool removed = false;
    options.on_progress = [&](const BuildProgress& progress) {
        EXPECT_LE(progress.done, progress.total);
        if (!removed) {
            // What goes while the scan runs is in its snapshot still.
            removed = true;
            for (std::int64_t id = 1; id <= 2000; ++id) {
                EXPECT_TRUE(remove(kNs, RecordId{id}).ok());
            }
        }
        if (progress.phase == BuildProgress::Phase::Scanning) {
            EXPECT_EQ(progress.total, 5000);
        }
    };
    ASSERT_TRUE(build(kNs, four_specs(), options).ok());
    EXPECT_TRUE(removed);
    EXPECT_TRUE(problems(kNs).empty());
}

TEST_F(IndexBuildTest, AnInterruptLeavesNothing) {
    fill(0, 5000);
    for (const auto phase : {BuildProgress::Phase::Scanning,
                             BuildProgress::Phase::Sorting,
                             BuildProgress::Phase::Loading,
                             BuildProgress::Phase::Committing}) {
        SCOPED_TRACE(static_cast<int>(phase));
        Interrupt interrupt{clock_};
        BuildOptions options;
        options.on_progress = [&](const BuildProgress& progress) {
            if (progress.phase == phase) {
                interrupt.kill(ErrorCode::Interrupted);
            }
        };
        const Status built = engine_->build_indexes(kNs, four_specs(), options, interrupt);
        ASSERT_FALSE(built.ok());
        EXPECT_EQ(built.error().code(), ErrorCode::Interrupted);
        EXPECT_EQ(index_count(), 1U);
        EXPECT_EQ(files("index-"), 1U);
    }
    ASSERT_TRUE(build(kNs, four_specs()).ok());
    EXPECT_TRUE(problems(kNs).empty());
}

TEST_F(IndexBuildTest, AFaultAtEachPointLeavesNothing) {
    fill(0, 500);
    for (const char* fault : {"index_build.after_scan=fail",
                              "index_build.after_load=fail",
                              "index_build.before_commit=fail"}) {
        SCOPED_TRACE(fault);
        engine_.reset();
        FaultPoints armed;
        ASSERT_TRUE(armed.arm(fault).ok());
        auto engine = Engine::open({directory_.path() / "data"}, field_equals, clock_, armed);
        ASSERT_TRUE(engine.ok());
        Interrupt interrupt{clock_};
        EXPECT_FALSE((*engine)->build_indexes(kNs, four_specs(), {}, interrupt).ok());
        EXPECT_EQ((*engine)->collection(kNs)->state().indexes.size(), 1U);
        EXPECT_EQ(files("index-"), 1U);
        engine->reset();
        open();
        EXPECT_TRUE(problems(kNs).empty());
    }
}

TEST_F(IndexBuildTest, ProgressRisesToTheTotals) {
    fill(0, 5000);
    std::set<BuildProgress::Phase> phases;
    BuildOptions options;
    options.on_progress = [&](const BuildProgress& progress) {
        phases.insert(progress.phase);
        EXPECT_LE(progress.done, progress.total);
    };
    ASSERT_TRUE(build(kNs, four_specs(), options).ok());
    EXPECT_EQ(phases.size(), 4U);
}

// Writes go on all the time while indexes are built and dropped; whatever they meet, records and
// entries agree afterwards.
TEST_F(IndexBuildTest, WritesDuringTheBuildReachTheIndex) {
    fill(0, 20'000);
    std::atomic<bool> stop{false};
    std::vector<std::thread> writers;
    for (std::uint64_t writer = 0; writer < 2; ++writer) {
        writers.emplace_back([this, writer, &stop] {
            Random random = Random::stream(11, writer);
            std::int64_t next = 1'000'000'000 * static_cast<std::int64_t>(writer + 1);
            while (!stop) {
                Interrupt interrupt{clock_};
                const Status written = engine_->run_write(
                    Durability::Lazy, interrupt, [&](Transaction& transaction) -> Status {
                        const auto collection = engine_->collection(kNs);
                        const RecordId id{static_cast<std::int64_t>(random.below(20'000)) + 1};
                        std::string before;
                        PLUMB_TRY(found, collection->read(transaction, id, before));
                        if (!found) {
                            PLUMB_TRY(added, collection->insert(transaction, order(next++)));
                            static_cast<void>(added);
                            return {};
                        }
                        if (random.chance(0.3)) {
                            return collection->remove(transaction, id, bson::View{before});
                        }
                        return collection->update(
                            transaction, id, bson::View{before}, order(next++));
                    });
                EXPECT_TRUE(written.ok()) << written.error().message();
            }
        });
    }
    for (int round = 0; round < 3; ++round) {
        ASSERT_TRUE(build(kNs, four_specs()).ok());
        EXPECT_EQ(problems(kNs), std::vector<std::string>{});
        ASSERT_TRUE(
            engine_->drop_indexes(kNs, {"user_1", "day_-1_user_1", "tags_1", "code_1"}).ok());
    }
    ASSERT_TRUE(build(kNs, four_specs()).ok());
    stop = true;
    for (std::thread& writer : writers) {
        writer.join();
    }
    EXPECT_EQ(problems(kNs), std::vector<std::string>{});
}

TEST_F(IndexBuildTest, AWriteThatBeganBeforeTheBuildEndsFirst) {
    fill(0, 1000);
    const auto collection = engine_->collection(kNs);
    auto transaction = engine_->begin(Access::Write);
    ASSERT_TRUE(collection->insert(**transaction, order(5000)).ok());
    std::thread builder{[this] { EXPECT_TRUE(build(kNs, four_specs()).ok()); }};
    // It has its place in the collection and need not wait for the build, which waits for it.
    ASSERT_TRUE(collection->insert(**transaction, order(5001)).ok());
    ASSERT_TRUE((*transaction)->commit().ok());
    transaction->reset();
    builder.join();
    EXPECT_TRUE(problems(kNs).empty());
}

TEST_F(IndexBuildTest, AnOlderSnapshotMustNotUseTheIndex) {
    fill(0, 100);
    auto old = engine_->begin(Access::Read);
    ASSERT_TRUE(build(kNs, four_specs()).ok());
    const auto index = engine_->collection(kNs)->state().find_index("user_1");
    EXPECT_EQ(IndexCursor::open(**old, *index, Direction::Forward).error().code(),
              ErrorCode::WriteConflict);
    ASSERT_TRUE((*old)->renew_snapshot().ok());
    EXPECT_TRUE(IndexCursor::open(**old, *index, Direction::Forward).ok());
}

}  // namespace
}  // namespace plumb::storage
