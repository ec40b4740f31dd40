// SPDX-License-Identifier: GPL-3.0-or-later
// A collection's documents in the order of their _id, from one of them on.
//
// By the bounds of the _id index ($min), not by {$gt: …}, which would stop at the end of the type
// of the _id it begins at.
//
// Threads  pure functions on a connection.
#pragma once

#include "base/interrupt.h"
#include "base/result.h"
#include "client/client.h"

#include <string>

namespace plumb::copy {

struct Range {
    std::string database;
    std::string collection;
    bson::Value after;     // Missing: from the first one
    bool natural = false;  // as they were inserted, for capped collections; `after` is Missing
};

// errors  Interrupted; the server's; the first error of `each`
[[nodiscard]] Status read_range(client::Client& client,
                                const Range& range,
                                Interrupt& interrupt,
                                const client::Client::OnDocument& each);

// The greatest _id; Missing if there is no document.
[[nodiscard]] Result<bson::Value> last_id(client::Client& client,
                                          std::string_view database,
                                          std::string_view collection);

// How many documents: counted, not estimated.
[[nodiscard]] Result<std::int64_t> count_documents(client::Client& client,
                                                   std::string_view database,
                                                   std::string_view collection);

}  // namespace plumb::copy
