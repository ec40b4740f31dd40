// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/native/people.h"

#include <gtest/gtest.h>

namespace plumb::migrate {
namespace {

TEST(People, PhonesAreTheirLastTenDigits) {
    for (const char* same : {"9876543210",
                             "+91 98765 43210",
                             "+91-98765-43210",
                             "09876543210",
                             "(98765) 43210",
                             "0091 9876543210"}) {
        EXPECT_EQ(normal_phone(same), "9876543210") << same;
    }
    for (const char* none : {"", "98765432", "phone", "987-654-321"}) {
        EXPECT_EQ(normal_phone(none), "") << none;
    }
}

TEST(People, EmailsAreCompareWithoutCase) {
    EXPECT_EQ(normal_email(" Asha.Rao@Example.IN "), "asha.rao@example.in");
    for (const char* none : {"", "  ", "asha", "@example.in", "asha@"}) {
        EXPECT_EQ(normal_email(none), "") << none;
    }
}

}  // namespace
}  // namespace plumb::migrate
