// SPDX-License-Identifier: GPL-3.0-or-later
// find's `min` and `max`: a stretch of an index given by its two end keys.
//
// Threads  pure functions.
#pragma once

#include "base/result.h"
#include "engine/plan/bounds.h"
#include "engine/storage/index_spec.h"

#include <optional>

namespace plumb::plan {

// From `min` (included) to `max` (excluded); an absent one is the end of the index.
//   errors  51174 if they do not name the index's fields in order; 51175 if max is not above min
[[nodiscard]] Result<KeyRange> key_limits(const storage::IndexState& index,
                                          const std::optional<bson::Document>& min,
                                          const std::optional<bson::Document>& max);

}  // namespace plumb::plan
