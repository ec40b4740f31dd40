// SPDX-License-Identifier: GPL-3.0-or-later
// The error for a key that a unique index already has, in MongoDB's words and with its details.
//
//   E11000 duplicate key error collection: shop.users index: email_1 dup key: { email: "a@x.in" }
//
// Threads  pure functions.
#pragma once

#include "base/error.h"
#include "engine/storage/index_spec.h"

#include <string>
#include <string_view>

namespace plumb::storage {

// DuplicateKey with details {keyPattern, keyValue}; the value is that of the key that did not fit.
[[nodiscard]] Error duplicate_key_error(std::string_view ns,
                                        const IndexState& index,
                                        std::string_view key,
                                        std::string_view type_bits);

}  // namespace plumb::storage
