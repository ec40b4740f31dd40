// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/fault_points.h"

#include <gtest/gtest.h>

namespace plumb {
namespace {

TEST(FaultPoints, FailsAtTheArmedHitOnly) {
    FaultPoints faults;
    ASSERT_TRUE(faults.arm("ledger.before_write=fail@2").ok());
    EXPECT_TRUE(faults.hit(FaultPoint::LedgerBeforeWrite).ok());
    EXPECT_FALSE(faults.hit(FaultPoint::LedgerBeforeWrite).ok());
    EXPECT_TRUE(faults.hit(FaultPoint::LedgerBeforeWrite).ok());
    EXPECT_TRUE(faults.hit(FaultPoint::LedgerAfterWrite).ok());
}

TEST(FaultPoints, RefusesWhatItDoesNotKnow) {
    FaultPoints faults;
    for (const char* spec : {"nothing=fail",
                             "ledger.before_write",
                             "ledger.before_write=explode",
                             "ledger.before_write=fail@0",
                             "ledger.before_write=fail@x"}) {
        EXPECT_EQ(faults.arm(spec).error().code(), ErrorCode::UsageError) << spec;
    }
}

}  // namespace
}  // namespace plumb
