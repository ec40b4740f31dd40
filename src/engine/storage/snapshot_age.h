// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a transaction began before a collection came to be. Its snapshot then shows nothing of
// it, or, if another of the same name was dropped meanwhile, something else than it has shown
// before.
//
// Threads  as Transaction.
#pragma once

#include "engine/storage/collection_state.h"
#include "engine/storage/transaction.h"

namespace plumb::storage {

// False for views.
[[nodiscard]] bool is_older_than(Transaction& transaction, const CollectionState& collection);

}  // namespace plumb::storage
