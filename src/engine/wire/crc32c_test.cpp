// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/wire/crc32c.h"

#include <gtest/gtest.h>

#include <string>

namespace plumb::wire {
namespace {

// RFC 3720, B.4, and the check value that every description of the polynomial gives.
TEST(Crc32c, AgreesWithTheStandard) {
    EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
    EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU);
    EXPECT_EQ(crc32c(std::string(32, '\xFF')), 0x62A8AB43U);
    EXPECT_EQ(crc32c(""), 0U);
}

}  // namespace
}  // namespace plumb::wire
