// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/decimal.h"

#include <gtest/gtest.h>

namespace plumb::bson {
namespace {

// From the BSON decimal128 specification's own table of forms.
TEST(Decimal, PrintsAsItWasRead) {
    for (const char* text : {"0",
                             "-0",
                             "1",
                             "-1",
                             "0.1",
                             "0.00",
                             "12345678901234567890.123",
                             "1E+3",
                             "1.5E+10",
                             "0.000001",
                             "1E-7",
                             "NaN",
                             "Infinity",
                             "-Infinity",
                             "1.000000000000000000000000000000000",
                             "9.999999999999999999999999999999999E+6144",
                             "1E-6176"}) {
        EXPECT_EQ(decimal_to_string(*decimal_from_string(text)), text);
    }
}

TEST(Decimal, RefusesWhatIsNoNumber) {
    for (const char* text : {"", "-", ".", "1e", "e1", "1..2", "abc", "1 ", " 1", "0x10", "--1"}) {
        EXPECT_FALSE(decimal_from_string(text).has_value()) << text;
    }
}

TEST(Decimal, KeepsFifteenDigitsOfADouble) {
    EXPECT_EQ(decimal_to_string(decimal_from_double_15(0.1)), "0.100000000000000");
    EXPECT_EQ(decimal_to_string(decimal_from_double_15(2.5)), "2.50000000000000");
    EXPECT_EQ(decimal_to_string(decimal_from_double_15(0.0)), "0");
}

TEST(Decimal, OrdersNanBelowAll) {
    const auto nan = *decimal_from_string("NaN");
    const auto low = *decimal_from_string("-Infinity");
    EXPECT_LT(decimal_compare(nan, low), 0);
    EXPECT_EQ(decimal_compare(nan, nan), 0);
    EXPECT_EQ(decimal_compare(*decimal_from_string("1.0"), *decimal_from_string("1.00")), 0);
}

TEST(Decimal, ComputesExactly) {
    const auto tenth = *decimal_from_string("0.1");
    EXPECT_EQ(decimal_to_string(decimal_add(tenth, *decimal_from_string("0.2"))), "0.3");
    EXPECT_EQ(decimal_to_string(decimal_multiply(tenth, tenth)), "0.01");
    EXPECT_EQ(
        decimal_to_string(decimal_remainder(*decimal_from_string("-7"), *decimal_from_string("3"))),
        "-1");
}

TEST(Decimal, SaysWhenAnIntegerDoesNotFit) {
    DecimalFlags flags;
    EXPECT_EQ(decimal_to_int64(*decimal_from_string("1.9"), DecimalRounding::ToZero, flags), 1);
    EXPECT_FALSE(flags.invalid);
    (void)decimal_to_int64(*decimal_from_string("1E+19"), DecimalRounding::ToZero, flags);
    EXPECT_TRUE(flags.invalid);
}

}  // namespace
}  // namespace plumb::bson
