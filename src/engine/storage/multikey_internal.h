// SPDX-License-Identifier: GPL-3.0-or-later
// Which arrays an index has seen, and whether a document's keys add to that.
//
// Threads  pure functions.
#pragma once

#include "bson/index_key.h"
#include "engine/storage/index_spec.h"

namespace plumb::storage {

// True if the index already counts as multikey on all paths on which `keys` met an array.
[[nodiscard]] bool covers_multikey(const IndexState& index, const bson::MadeKeys& keys);

// Adds the paths of `keys` to the index's.
void add_multikey(IndexState& index, const bson::MadeKeys& keys);

}  // namespace plumb::storage
