// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the server's disk has room for what a migration will write: indexes and old values.
//
// Reads only.
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "project/migration_operations.h"
#include "tool/migrate/deployment/deployment.h"
#include "tool/migrate/deployment/problem.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace plumb::migrate {

// Bytes that must stay free besides what is written.
inline constexpr std::int64_t kDiskReserve = std::int64_t{256} << 20U;

// Free bytes on the server's file system, from dbStats; nothing where the server does not say.
[[nodiscard]] Result<std::optional<std::int64_t>> free_disk(const Deployment& deployment);

// Bytes that this operation will probably write at most: indexes by the forecast's upper end, old
// values by the size of the documents that its filter finds.
[[nodiscard]] Result<std::int64_t> bytes_written(const Deployment& deployment,
                                                 const project::Operation& operation);

// A Problem "disk" if these operations will probably not find room. Looks closer only where the
// free space is less than a few times the database.
[[nodiscard]] Result<std::vector<Problem>> check_disk(
    const Deployment& deployment, const std::vector<const project::Operation*>& operations);

}  // namespace plumb::migrate
