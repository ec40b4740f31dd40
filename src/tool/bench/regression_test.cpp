// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/regression.h"

#include <gtest/gtest.h>

namespace plumb::bench {
namespace {

Recording recording(double p50, double docs) {
    Row row;
    row.id = "Q1";
    row.p50_ns = p50;
    row.kept_ns.assign(50, p50);
    row.counted = true;
    row.docs_examined = docs;
    Recording out;
    out.rows.push_back(row);
    return out;
}

TEST(FindRegressions, SeesSlowerMediansAndMoreDocumentsBeyondTheTolerance) {
    EXPECT_TRUE(find_regressions(recording(1e6, 100), recording(1.05e6, 105), 0.1).empty());
    EXPECT_EQ(find_regressions(recording(1e6, 100), recording(1.2e6, 100), 0.1).size(), 1U);
    EXPECT_EQ(find_regressions(recording(1e6, 100), recording(1e6, 120), 0.1).size(), 1U);
    EXPECT_TRUE(find_regressions(recording(1e6, 1), recording(1e6, 5), 0.1).empty());
    EXPECT_TRUE(find_regressions(recording(2e6, 100), recording(1e6, 1), 0.1).empty());
}

TEST(FindRegressions, SeesAQueryThatNoLongerRuns) {
    Recording later = recording(1e6, 1);
    later.rows.front().error = "refused";
    EXPECT_EQ(find_regressions(recording(1e6, 1), later, 0.1).size(), 1U);
}

TEST(FindRegressions, SeesAnIndexThatIsGoneIfAQueryUsedIt) {
    Recording earlier = recording(1e6, 1);
    earlier.rows.front().collection = "users";
    earlier.rows.front().indexes = {"id_1"};
    earlier.collections = {
        {"users", 9, 9, 9, {{"id_1", "{}", "id", 9, 9}, {"unused_1", "{}", "unused", 9, 0}}}};
    Recording later = earlier;
    later.collections.front().indexes.clear();
    const auto found = find_regressions(earlier, later, 0.1);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found.front().id, "users");
    EXPECT_NE(found.front().what.find("id_1 is gone; used by Q1"), std::string::npos);
}

TEST(FindRegressions, SeesThatEverythingIsSlowerAlike) {
    Recording earlier;
    Recording later;
    for (const char* id : {"Q1", "Q2", "Q3", "Q4", "Q5", "Q6"}) {
        Row row = recording(1e6, 1).rows.front();
        row.id = id;
        row.plan = "COLLSCAN";
        earlier.rows.push_back(row);
        row.p50_ns = 2e6;
        row.kept_ns.assign(50, 2e6);
        later.rows.push_back(row);
    }
    const auto found = find_regressions(earlier, later, 0.1);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found.front().id, "all");
}

}  // namespace
}  // namespace plumb::bench
