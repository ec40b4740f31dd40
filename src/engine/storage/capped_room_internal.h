// SPDX-License-Identifier: GPL-3.0-or-later
// What writes to a capped collection check and do beside the write itself.
//
// Threads  one thread, in its transaction.
#pragma once

#include "base/result.h"
#include "engine/storage/collection.h"
#include "engine/storage/live_collection_internal.h"
#include "engine/storage/session_internal.h"

namespace plumb::storage {

// errors  BadValue (2) if the whole collection is smaller than the document
[[nodiscard]] Status check_fits(const LiveCollection& live, bson::View document);

// errors  10003 if an update changes a document's size
[[nodiscard]] Status check_keeps_size(const LiveCollection& live,
                                      bson::View before,
                                      bson::View after);

// Removes the oldest documents until what is left is within the limits; `newest` stays.
//   requires the collection's turn, taken by touch()
[[nodiscard]] Status remove_oldest(Transaction& transaction,
                                   const Collection& collection,
                                   LiveCollection& live,
                                   const Touched& touched,
                                   RecordId newest);

}  // namespace plumb::storage
