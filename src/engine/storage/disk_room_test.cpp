// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/disk_room_internal.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace plumb::storage {
namespace {

TEST(DiskRoom, HasRoomWhereTheDiskHas) {
    DiskRoom room{std::filesystem::temp_directory_path()};
    EXPECT_TRUE(room.check().ok());
    room.look();
    EXPECT_TRUE(room.check().ok());
}

// Linux's /proc is a file system without a free block.
TEST(DiskRoom, RefusesNamingTheDirectoryWhereNothingIsFree) {
    DiskRoom room{"/proc"};
    room.look();
    const Status refused = room.check();
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code(), ErrorCode::OutOfDiskSpace);
    EXPECT_NE(refused.error().message().find("/proc"), std::string::npos);
}

TEST(DiskRoom, ADiskThatCannotBeAskedCountsAsOneWithRoom) {
    DiskRoom room{"/nowhere/to/be/found"};
    room.look();
    EXPECT_TRUE(room.check().ok());
}

}  // namespace
}  // namespace plumb::storage
