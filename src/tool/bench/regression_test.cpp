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

}  // namespace
}  // namespace plumb::bench
