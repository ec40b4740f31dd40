// SPDX-License-Identifier: GPL-3.0-or-later
// What is left after SIGKILL. A child process works on the directory and dies; then the parent
// opens it. The parent has no threads when it forks: the fixture's engine is closed first.
#include "base/random.h"
#include "engine/storage/engine.h"
#include "engine/storage/test_engine_internal.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>

namespace plumb::storage {
namespace {

class CrashTest : public EngineTest {
  protected:
    static constexpr const char* kNs = "shop.orders";

    void SetUp() override {
        EngineTest::SetUp();
        create(kNs);
        engine_.reset();
    }

    // Runs `work` with an engine in a child that must die by SIGKILL; `report` is a pipe to us.
    // The parent kills it after reading `reports_wanted` reports, or waits for it to kill itself.
    template <class Work>
    std::vector<std::int64_t> run_and_kill(const char* fault,
                                           std::size_t reports_wanted,
                                           Work work) {
        int ends[2] = {-1, -1};
        EXPECT_EQ(::pipe(ends), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            ::close(ends[0]);
            FaultPoints faults;
            if (fault != nullptr && !faults.arm(fault).ok()) {
                ::_exit(3);
            }
            auto engine = Engine::open({directory_.path() / "data"}, field_equals, clock_, faults);
            if (engine.ok()) {
                work(**engine, ends[1]);
            }
            ::_exit(4);
        }
        ::close(ends[1]);
        std::vector<std::int64_t> reports;
        std::int64_t report = 0;
        while ((reports_wanted == 0 || reports.size() < reports_wanted) &&
               ::read(ends[0], &report, sizeof report) == ssize_t{sizeof report}) {
            reports.push_back(report);
        }
        if (reports_wanted != 0) {
            ::kill(child, SIGKILL);
        }
        // What it acknowledged before it died counts as well.
        while (::read(ends[0], &report, sizeof report) == ssize_t{sizeof report}) {
            reports.push_back(report);
        }
        ::close(ends[0]);
        int status = 0;
        EXPECT_EQ(::waitpid(child, &status, 0), child);
        EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
        return reports;
    }

    static bson::Document order(std::int64_t number) {
        bson::Builder out;
        out.append("_id", number);
        out.append("user", "usr_" + std::to_string(number % 17));
        return out.finish();
    }

    static Status insert_journaled(Engine& engine, std::int64_t number) {
        const auto collection = engine.collection(kNs);
        PLUMB_TRY(transaction, engine.begin(Access::Write));
        PLUMB_TRY(id, collection->insert(*transaction, order(number)));
        static_cast<void>(id);
        return transaction->commit(Durability::Journaled);
    }

    // Writes until somebody kills us; reports each number once its commit is acknowledged.
    static void write_for_ever(Engine& engine, int report) {
        for (std::int64_t number = 0;; ++number) {
            if (!insert_journaled(engine, number).ok() ||
                ::write(report, &number, sizeof number) != ssize_t{sizeof number}) {
                return;
            }
        }
    }

    static void build_one(Engine& engine, int report) {
        SystemClock clock;
        Interrupt interrupt{clock};
        for (std::int64_t number = 0; number < 2000; ++number) {
            const auto collection = engine.collection(kNs);
            auto transaction = engine.begin(Access::Write);
            if (!collection->insert(**transaction, order(number)).ok() ||
                !(*transaction)->commit().ok()) {
                return;
            }
        }
        if (!engine.sync_journal().ok()) {
            return;
        }
        const Status built = engine.build_indexes(
            kNs,
            {index_spec("user_1", R"({"user": 1})"), index_spec("u_-1", R"({"user": -1})")},
            {},
            interrupt);
        const std::int64_t done = built.ok() ? 1 : 0;
        static_cast<void>(::write(report, &done, sizeof done));
        for (std::int64_t number = 2000; number < 2100; ++number) {
            if (!insert_journaled(engine, number).ok()) {
                return;
            }
        }
        const std::int64_t end = 2;
        static_cast<void>(::write(report, &end, sizeof end));
        ::pause();
    }

    void expect_ids(std::size_t least) {
        const auto ids = ids_by_index(kNs, "_id_");
        EXPECT_GE(ids.size(), least);
        EXPECT_EQ(static_cast<std::int64_t>(ids.size()),
                  engine_->collection(kNs)->document_count());
        EXPECT_EQ(problems(kNs), std::vector<std::string>{});
    }
};

TEST_F(CrashTest, EveryAcknowledgedJournaledWriteIsThere) {
    std::size_t acknowledged = 0;
    for (const std::size_t reports : {1U, 20U, 150U}) {
        const auto numbers = run_and_kill(nullptr, reports, write_for_ever);
        acknowledged = std::max(acknowledged, numbers.size());
        open();
        expect_ids(acknowledged);
        // Each round starts from an empty collection.
        ASSERT_TRUE(engine_->drop_collection(kNs).ok());
        create(kNs);
        engine_.reset();
        acknowledged = 0;
    }
}

TEST_F(CrashTest, KilledBeforeACommitNothingOfItIsThere) {
    const auto numbers = run_and_kill("storage.before_commit=kill@4", 0, write_for_ever);
    EXPECT_EQ(numbers.size(), 3U);
    open();
    EXPECT_EQ(ids_by_index(kNs, "_id_").size(), 3U);
    expect_ids(numbers.size());
}

TEST_F(CrashTest, KilledAfterACommitAllOfItIsThere) {
    const auto numbers = run_and_kill("storage.after_commit=kill@4", 0, write_for_ever);
    EXPECT_EQ(numbers.size(), 3U);
    open();
    EXPECT_EQ(ids_by_index(kNs, "_id_").size(), 4U);
    expect_ids(numbers.size());
}

TEST_F(CrashTest, KilledInABuildNoIndexIsThere) {
    for (const char* fault : {"index_build.after_scan=kill",
                              "index_build.after_load=kill",
                              "index_build.before_commit=kill"}) {
        SCOPED_TRACE(fault);
        const auto reports = run_and_kill(fault, 0, build_one);
        EXPECT_TRUE(reports.empty());
        open();
        EXPECT_EQ(engine_->collection(kNs)->state().indexes.size(), 1U);
        EXPECT_EQ(files("index-"), 1U);
        EXPECT_EQ(files("sidelog-"), 0U);
        expect_ids(2000);
        ASSERT_TRUE(engine_->drop_collection(kNs).ok());
        create(kNs);
        engine_.reset();
    }
}

TEST_F(CrashTest, KilledAfterABuildTheIndexesAreThereWithTheWritesSince) {
    const auto reports = run_and_kill(nullptr, 2, build_one);
    EXPECT_EQ(reports, (std::vector<std::int64_t>{1, 2}));
    open();
    EXPECT_EQ(engine_->collection(kNs)->state().indexes.size(), 3U);
    expect_ids(2100);
    EXPECT_EQ(ids_by_index(kNs, "user_1").size(), 2100U);
}

}  // namespace
}  // namespace plumb::storage
