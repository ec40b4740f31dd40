// SPDX-License-Identifier: GPL-3.0-or-later
// How large collections and databases are, for collStats, dbStats and listDatabases.
//
// Threads  from any thread.
#pragma once

#include "base/result.h"
#include "engine/storage/engine.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::commands {

// One index, in bytes.
struct IndexSizes {
    std::string name;
    std::int64_t bytes = 0;         // of its file
    std::int64_t cached_bytes = 0;  // of it in the cache now
};

// One collection, in bytes; what does not exist has zeros.
struct CollectionSizes {
    std::int64_t documents = 0;
    std::int64_t data_bytes = 0;
    std::int64_t storage_bytes = 0;
    std::int64_t free_storage_bytes = 0;
    std::int64_t cached_bytes = 0;
    std::vector<IndexSizes> indexes;  // by age, _id_ first
    std::int64_t index_bytes_total = 0;
};
[[nodiscard]] Result<CollectionSizes> collection_sizes(storage::Engine& engine,
                                                       std::string_view ns);

struct DatabaseSizes {
    std::int32_t collections = 0;
    std::int32_t views = 0;
    std::int32_t indexes = 0;
    std::int64_t documents = 0;
    std::int64_t data_bytes = 0;
    std::int64_t storage_bytes = 0;
    std::int64_t index_bytes = 0;
};
// All databases that have a collection, by name.
[[nodiscard]] Result<std::map<std::string, DatabaseSizes, std::less<>>> database_sizes(
    storage::Engine& engine);
// One of them; zeros if it does not exist.
[[nodiscard]] Result<DatabaseSizes> database_sizes_of(storage::Engine& engine,
                                                      std::string_view database);

// `scale` of a stats command: at least 1. errors: TypeMismatch; BadValue for 0 and less
[[nodiscard]] Result<std::int64_t> parse_scale(bson::ValueView scale);

}  // namespace plumb::commands
