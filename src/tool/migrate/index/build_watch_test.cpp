// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/index/build_watch.h"

#include <gtest/gtest.h>

namespace plumb::migrate {
namespace {

TEST(BuildStage, IsTheStageWithoutItsNumbers) {
    struct Case {
        const char* message;
        const char* stage;
    };
    const Case cases[] = {
        {"Index Build: scanning collection Index Build: scanning collection: 7/9 77%",
         "scanning collection"},
        {"Index Build: inserting keys from external sorter into index",
         "inserting keys from external sorter into index"},
        {"Index Build: draining writes received during build: 1/1 100%",
         "draining writes received during build"},
        {"something else", "something else"},
        {"", ""},
    };
    for (const Case& each : cases) {
        EXPECT_EQ(build_stage(each.message), each.stage);
    }
}

}  // namespace
}  // namespace plumb::migrate
