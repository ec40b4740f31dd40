// SPDX-License-Identifier: GPL-3.0-or-later
// The loading half of an index build: sorted keys into an empty index table, by WiredTiger's bulk
// cursors, which write pages one after the other without a search and without the journal.
//
// Threads  load_index() from any thread, with a session of its own.
#pragma once

#include "base/result.h"
#include "engine/storage/index_spec.h"
#include "engine/storage/key_merge_internal.h"

#include <wiredtiger.h>

#include <atomic>
#include <cstdint>
#include <string_view>

namespace plumb::storage {

// Shared by the loaders of a build.
struct LoadProgress {
    std::atomic<std::int64_t> keys_loaded{0};
    std::atomic<bool> must_stop{false};
};

//   errors  DuplicateKey for two equal keys in a unique index; Interrupted when told to stop
[[nodiscard]] Status load_index(WT_SESSION* session,
                                std::string_view ns,
                                const IndexState& index,
                                KeyMerge& keys,
                                LoadProgress& progress);

}  // namespace plumb::storage
