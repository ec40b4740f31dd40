// SPDX-License-Identifier: GPL-3.0-or-later
// The shapes of a table as a document for --json: what they ask, how often, at what cost, and the
// kinds of their values.
//
// Format   {shapes: [{id, text, database, collection, operation, calls, batches, callsAMinute, ms,
//          msMax, p50Ms, p95Ms, keysExamined, docsExamined, returned, replyBytes, sortsInMemory,
//          plans: {summary: calls}, values: {path: {types, characters, days}}, places}]}
// Threads  pure functions.
#pragma once

#include "bson/document.h"
#include "tool/capture/shape_table.h"

namespace plumb::capture {

// In the order of their texts.
[[nodiscard]] bson::Document shapes_document(const ShapeTable& table);

}  // namespace plumb::capture
