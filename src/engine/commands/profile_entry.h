// SPDX-License-Identifier: GPL-3.0-or-later
// A finished operation as a document of system.profile.
//
// Format   MongoDB 4.2's: fields, their order and types; tests/conformance/samples/profile.jsonl
// Threads  pure functions.
#pragma once

#include "bson/document.h"
#include "engine/commands/finished_operation.h"

#include <chrono>

namespace plumb::commands {

[[nodiscard]] bson::Document profile_entry(const FinishedOperation& operation,
                                           std::chrono::milliseconds now);

}  // namespace plumb::commands
