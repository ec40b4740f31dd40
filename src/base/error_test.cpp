// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error.h"

#include "base/result.h"

#include <gtest/gtest.h>

namespace plumb {
namespace {

Result<int> half(int number) {
    if (number % 2 != 0) {
        return fail(ErrorCode::BadValue, "odd");
    }
    return number / 2;
}

Result<int> quarter(int number) {
    PLUMB_TRY(first, half(number));
    PLUMB_TRY(second, half(first).context("second half"));
    return second;
}

TEST(Result, PassesTheValueThrough) {
    EXPECT_EQ(quarter(8).value(), 2);
}

TEST(Result, SaysWhatWasBeingDone) {
    const auto failed = quarter(6);
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.error().message(), "second half: odd");
}

TEST(ErrorCodes, NamesAKnownCode) {
    EXPECT_EQ(error_code_name(ErrorCode::DuplicateKey), "DuplicateKey");
}

TEST(ErrorCodes, NamesALocationByItsNumber) {
    EXPECT_EQ(error_code_name(ErrorCode{17044}), "Location17044");
}

TEST(ErrorCodes, RefusedLeavesWithFour) {
    EXPECT_EQ(exit_code_for(ErrorCode::RefusedForSafety), ExitCode::Refused);
}

}  // namespace
}  // namespace plumb
