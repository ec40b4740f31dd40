// SPDX-License-Identifier: GPL-3.0-or-later
// Random UUIDs (version 4) for collections, from the kernel's random numbers.
//
// Threads  from any thread.
#pragma once

#include "base/result.h"
#include "engine/storage/collection_state.h"

namespace plumb::storage {

// errors  IoError if the kernel gives no random numbers
[[nodiscard]] Result<CollectionUuid> random_uuid();

}  // namespace plumb::storage
