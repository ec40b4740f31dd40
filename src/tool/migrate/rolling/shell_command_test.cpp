// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/rolling/shell_command.h"

#include <gtest/gtest.h>

namespace plumb::migrate {
namespace {

TEST(ShellCommand, TellsHowItEnded) {
    const SystemClock clock;
    EXPECT_TRUE(run_shell("exit 0", std::chrono::seconds{30}, clock).ok());
    const Status failed = run_shell("exit 3", std::chrono::seconds{30}, clock);
    ASSERT_FALSE(failed.ok());
    EXPECT_NE(failed.error().message().find("code 3"), std::string::npos);
    const Status killed = run_shell("kill -9 $$", std::chrono::seconds{30}, clock);
    ASSERT_FALSE(killed.ok());
    EXPECT_NE(killed.error().message().find("signal 9"), std::string::npos);
}

TEST(ShellCommand, EndsWhatDoesNotEnd) {
    const SystemClock clock;
    const Status late = run_shell("sleep 1000", std::chrono::seconds{0}, clock);
    ASSERT_FALSE(late.ok());
    EXPECT_NE(late.error().message().find("had not ended"), std::string::npos);
}

}  // namespace
}  // namespace plumb::migrate
