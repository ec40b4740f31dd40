// SPDX-License-Identifier: GPL-3.0-or-later
// Which verdict and which reasons follow from which figures.
#include "tool/bench/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plumb::bench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::optional<workload::Promise> promise(double low, double high) {
    workload::Promise out;
    out.range = {low, high};
    out.before_ms = workload::Range{100, 500};
    out.after_ms = workload::Range{1, 5};
    return out;
}

struct JudgeCase {
    const char* name;
    Interval factor;
    bool promised;  // 25 to 50
    Verdict verdict;
};

class Judge : public testing::TestWithParam<JudgeCase> {};

TEST_P(Judge, HoldsTheFactorAgainstThePromise) {
    const JudgeCase& one = GetParam();
    EXPECT_EQ(judge(one.factor, one.promised ? promise(25, 50) : std::nullopt, 0.05), one.verdict)
        << verdict_text(one.verdict);
}

INSTANTIATE_TEST_SUITE_P(
    All,
    Judge,
    testing::Values(JudgeCase{"above", {80, 70, 90}, true, Verdict::Exceeded},
                    JudgeCase{"within", {30, 28, 32}, true, Verdict::Met},
                    JudgeCase{"at_low_end", {25, 24, 26}, true, Verdict::Met},
                    JudgeCase{"below", {3, 2, 4}, true, Verdict::Missed},
                    JudgeCase{"slower", {0.5, 0.4, 0.6}, true, Verdict::Missed},
                    JudgeCase{"unclear", {1.1, 0.9, 1.3}, true, Verdict::NoDifference},
                    JudgeCase{"within_noise", {1.04, 1.03, 1.05}, true, Verdict::NoDifference},
                    JudgeCase{"noise_downwards", {0.96, 0.95, 0.97}, false, Verdict::NoDifference},
                    JudgeCase{"unpromised", {3, 2, 4}, false, Verdict::NoPromise},
                    JudgeCase{"unpromised_unclear", {1, 0.9, 1.1}, false, Verdict::NoDifference}),
    [](const auto& one) { return one.param.name; });

// A fast look-up by index that was a scan of 20 000 documents; cases change what they are about.
struct Scene {
    Row before;
    Row after;
    Interval factor{60, 55, 65};
    double collection_documents = 20'000;
    std::int64_t indexes_before = 1;
    std::int64_t indexes_after = 4;
    bool lookup_is_indexed = true;
    std::optional<workload::Promise> promised = promise(50, 100);

    Scene() {
        before.collection = after.collection = "users";
        before.samples = after.samples = 100;
        before.counted = after.counted = true;
        before.collection_scan = true;
        before.plan = "COLLSCAN";
        before.docs_examined = 20'000;
        before.p50_ns = 120e6;
        before.documents = after.documents = 1;
        after.plan = "IXSCAN id_1 → FETCH";
        after.docs_examined = 1;
        after.keys_examined = 1;
        after.p50_ns = 2e6;
    }
    [[nodiscard]] Evidence evidence() const {
        return {before,
                after,
                factor,
                collection_documents,
                150e3,
                indexes_before,
                indexes_after,
                lookup_is_indexed,
                promised};
    }
    [[nodiscard]] std::vector<std::string_view> rules() const { return applying_rules(evidence()); }
};

TEST(Reasons, AGainIsExplainedByWhatIsNoLongerExamined) {
    const Scene scene;
    EXPECT_THAT(scene.rules(), ElementsAre("examines_fewer"));
    EXPECT_THAT(explain_figures(scene.evidence()),
                ElementsAre("examines 1 document instead of 20 000"));
}

TEST(Reasons, AQueryThatMatchesMostOfItsCollectionSaysSo) {
    Scene scene;
    scene.factor = {1.2, 1.1, 1.3};
    scene.after.documents = 14'000;
    scene.after.docs_examined = 14'000;
    scene.after.keys_examined = 14'001;
    scene.after.p50_ns = 100e6;
    EXPECT_THAT(explain_figures(scene.evidence()).front(),
                HasSubstr("matches 14 001 of the 20 000 documents of users (70 %)"));
}

TEST(Reasons, AScanThatRemainsIsNamed) {
    Scene scene;
    scene.factor = {1, 0.9, 1.1};
    scene.after = scene.before;
    scene.after.documents = 3;
    scene.promised.reset();
    EXPECT_EQ(scene.rules().front(), "still_scans");
}

TEST(Reasons, AnUpdateThatScansIsNamedThoughItReturnsNothing) {
    Scene scene;
    scene.factor = {1, 0.9, 1.1};
    scene.after = scene.before;
    scene.after.writes = true;
    scene.promised.reset();
    EXPECT_THAT(explain_figures(scene.evidence()).front(),
                HasSubstr("no index serves it: still a scan of 20 000 documents"));
}

TEST(Reasons, AShortfallNearTheRoundTripIsExplainedByIt) {
    Scene scene;
    scene.factor = {20, 18, 22};
    scene.before.p50_ns = 4e6;
    scene.after.p50_ns = 200e3;
    const auto reasons = explain_figures(scene.evidence());
    EXPECT_THAT(reasons.front(), HasSubstr("200 µs now, of which 150 µs are a bare round trip"));
    EXPECT_EQ(scene.rules()[1], "small_before");
    EXPECT_EQ(scene.rules().back(), "keeps_absolute");
}

TEST(Reasons, AlreadyFastBeforeIsSaid) {
    Scene scene;
    scene.factor = {1.5, 1.4, 1.6};
    scene.before.p50_ns = 300e3;
    scene.after.p50_ns = 200e3;
    EXPECT_THAT(explain_figures(scene.evidence()).front(),
                HasSubstr("already fast before: 300 µs"));
}

TEST(Reasons, ASortInMemoryThatRemainsIsNamed) {
    Scene scene;
    scene.after.sorts_in_memory = true;
    scene.after.docs_examined = 120;
    scene.after.documents = 20;
    EXPECT_THAT(scene.rules(), ElementsAre("examines_fewer", "sorts_still"));
}

TEST(Reasons, ALookupWithoutAnIndexIsNamed) {
    Scene scene;
    scene.factor = {1.1, 1.05, 1.2};
    scene.after.looks_up = true;
    scene.after.lookup_from = "customers";
    scene.after.lookup_field = "id";
    scene.lookup_is_indexed = false;
    EXPECT_THAT(explain_figures(scene.evidence()).front(), HasSubstr("searches customers by id"));
}

TEST(Reasons, InsertsNameTheIndexesTheyMaintain) {
    Scene scene;
    scene.factor = {0.9, 0.85, 0.95};
    scene.promised.reset();
    scene.after.inserts_only = scene.before.inserts_only = true;
    scene.after.writes = scene.before.writes = true;
    scene.after.collection_scan = scene.before.collection_scan = false;
    EXPECT_THAT(explain_figures(scene.evidence()).front(),
                HasSubstr("each insert now maintains 4 indexes instead of 1"));
}

TEST(Reasons, ManyBytesAreNamedWhenThePromiseIsMissed) {
    Scene scene;
    scene.factor = {2, 1.9, 2.1};
    scene.after.p50_ns = 60e6;
    scene.after.bytes_received = 5e6;
    EXPECT_THAT(scene.rules(), testing::Contains("transfers_much"));
}

TEST(Reasons, ARoundTripThatMovedIsNoChangeOfTheQuery) {
    Scene scene;
    scene.before.ping_ns = 43e3;
    scene.before.p50_ns = 60e3;
    scene.after.ping_ns = 16e3;
    scene.after.p50_ns = 25e3;
    EXPECT_TRUE(round_trip_moved(scene.before, scene.after));
    EXPECT_THAT(scene.rules(), testing::Contains("round_trip_moved"));
    scene.before.p50_ns = 800e3;
    EXPECT_FALSE(round_trip_moved(scene.before, scene.after));
    scene.after.ping_ns = 0;
    EXPECT_FALSE(round_trip_moved(scene.before, scene.after));
}

TEST(Reasons, FewSamplesAreAdmitted) {
    Scene scene;
    scene.after.samples = 1;
    EXPECT_EQ(scene.rules().back(), "few_samples");
}

}  // namespace
}  // namespace plumb::bench
