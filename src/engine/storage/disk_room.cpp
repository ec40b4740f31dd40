// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/disk_room_internal.h"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <limits>

namespace plumb::storage {

void DiskRoom::look() {
    struct statvfs disk {};
    if (::statvfs(directory_.c_str(), &disk) != 0) {
        return;
    }
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    const std::uint64_t block = std::max<std::uint64_t>(disk.f_frsize, 1);
    const std::uint64_t blocks = std::min<std::uint64_t>(disk.f_bavail, kMost / block);
    free_bytes_.store(static_cast<std::int64_t>(blocks * block), std::memory_order_relaxed);
}

Status DiskRoom::refusal() const {
    constexpr std::int64_t kMegabyte = 1024 * 1024;
    return fail(
        ErrorCode::OutOfDiskSpace,
        fmt::format("the disk of {} has {} MB left, and {} MB are kept free for the journal "
                    "and checkpoints; make room and run it again (drops and deletes work)",
                    directory_.string(),
                    free_bytes_.load(std::memory_order_relaxed) / kMegabyte,
                    kBytesKeptFree / kMegabyte));
}

}  // namespace plumb::storage
