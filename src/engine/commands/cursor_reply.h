// SPDX-License-Identifier: GPL-3.0-or-later
// Batches of documents: {cursor: {firstBatch: […], id, ns}}, and keeping the cursor for the next.
//
// Threads  as the operation.
#pragma once

#include "base/result.h"
#include "bson/builder.h"
#include "engine/commands/command.h"
#include "engine/commands/cursor_registry.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace plumb::commands {

struct BatchLimits {
    // Documents wanted; nothing: as many as fit (a first batch without batchSize has 101).
    std::optional<std::int64_t> documents;
    bool single_batch = false;  // the cursor is closed behind it
    // Of a cursor that awaits data: how long an empty batch waits, and the count of its news before
    // the cursor was restored.
    std::chrono::milliseconds wait{0};
    std::uint64_t news_seen = 0;
};

// Writes `cursor` with the first batch and registers what is left. `cursor` is open and attached to
// the context's operation.
[[nodiscard]] Status reply_first_batch(CommandContext& context,
                                       std::unique_ptr<OpenCursor> cursor,
                                       const BatchLimits& limits,
                                       bson::Builder& reply);

// The same with nextBatch for a cursor that was checked out and restored.
[[nodiscard]] Status reply_next_batch(CommandContext& context,
                                      std::unique_ptr<OpenCursor> cursor,
                                      const BatchLimits& limits,
                                      bson::Builder& reply);

// A cursor over documents that are there already (listCollections, listIndexes): all in the first
// batch unless batchSize says less. Fields in the order these commands have: id, ns, firstBatch.
[[nodiscard]] Status reply_with_list(CommandContext& context,
                                     std::string_view ns,
                                     std::vector<bson::Document> documents,
                                     std::optional<std::int64_t> batch_size,
                                     bson::Builder& reply);

// Reads {batchSize: n} of a `cursor` argument. errors: TypeMismatch, BadValue for less than 0
[[nodiscard]] Result<std::optional<std::int64_t>> parse_cursor_option(bson::ValueView cursor);

}  // namespace plumb::commands
