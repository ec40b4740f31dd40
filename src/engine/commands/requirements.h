// SPDX-License-Identifier: GPL-3.0-or-later
// What a command does to which namespaces: the privileges it needs.
//
//   {find: "orders", $db: "shop"}                   → find on shop.orders
//   {aggregate: "orders", pipeline: [{$lookup: {from: "users", …}}]}
//                                                   → find on shop.orders and on shop.users
//
// A command that is malformed may need less than it seems to: it fails before it does anything.
// Where a field stands twice, all its values count, whichever the command itself would read.
//
// Source   MongoDB manual, "Required Access" of each command
// Threads  pure functions.
#pragma once

#include "bson/document.h"
#include "engine/commands/command.h"
#include "engine/commands/privileges.h"

#include <span>
#include <string_view>
#include <vector>

namespace plumb::commands {

// A command as it is about to run.
struct Request {
    const CommandRow& row;
    bson::View command;
    std::span<const DocumentSequence> sequences;
    std::string_view database;
};

using Requirements = std::vector<Requirement>;

[[nodiscard]] Requirements requirements_of(const Request& request);

// The part that a pipeline over this namespace adds; also of a view's definition.
void add_pipeline_requirements(std::string_view database,
                               std::string_view collection,
                               bson::View pipeline,
                               Requirements& out);

}  // namespace plumb::commands
