// SPDX-License-Identifier: GPL-3.0-or-later
// The key by which a collection is spread over shards.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "client/client.h"

#include <optional>
#include <string_view>

namespace plumb::index_facts {

// None for a collection that is not sharded, and where config.collections may not be read.
[[nodiscard]] std::optional<bson::Document> read_shard_key(client::Client& client,
                                                           std::string_view database,
                                                           std::string_view collection);

}  // namespace plumb::index_facts
