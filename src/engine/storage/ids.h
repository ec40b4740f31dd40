// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers by which storage names its things.
#pragma once

#include "base/strong.h"

#include <cstdint>

namespace plumb::storage {

struct RecordIdTag;
// The number of a record in its collection: from 1, rising in order of insertion, never reused.
using RecordId = Strong<RecordIdTag, std::int64_t>;

inline constexpr RecordId kFirstRecord{1};

}  // namespace plumb::storage
