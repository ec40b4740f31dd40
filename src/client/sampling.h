// SPDX-License-Identifier: GPL-3.0-or-later
// A bounded number of a collection's documents, the same ones each time.
//
// Threads  one thread.
#pragma once

#include "base/interrupt.h"
#include "base/result.h"
#include "bson/document.h"
#include "bson/object_id.h"
#include "client/client.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace plumb::client {

// What is sampled. All outlive the call.
struct Sampled {
    Client& client;
    std::string_view database;
    std::string_view collection;
    bson::Document projection;  // empty: whole documents
    std::uint64_t seed = 1;
    Interrupt* interrupt = nullptr;  // null: not interruptible
};

// Reads the whole collection and keeps the `rows_max` documents whose `_id` hashes lowest.
//   errors  what the server says; Interrupted
[[nodiscard]] Result<std::vector<bson::Document>> lowest_ranked(const Sampled& from,
                                                                std::size_t rows_max);

// The first and the last `_id`; nothing if they are no ObjectIds.
[[nodiscard]] Result<std::optional<std::pair<bson::ObjectId, bson::ObjectId>>> id_range(
    const Sampled& from);

// `each` documents from every one of `windows` random places between two `_id`s, in the order of
// `_id`: a large collection is not read as a whole.
[[nodiscard]] Result<std::vector<bson::Document>> in_windows(
    const Sampled& from,
    const std::pair<bson::ObjectId, bson::ObjectId>& range,
    std::size_t windows,
    std::size_t each);

}  // namespace plumb::client
