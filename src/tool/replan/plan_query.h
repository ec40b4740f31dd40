// SPDX-License-Identifier: GPL-3.0-or-later
// A query whose plan is looked at: its commands as an application would send them, one for each
// set of values that it is asked with.
//
//   auto command = explainable_command("orders", statement);   // {q: …, u: …} → {update: …}
//
// Threads  value types, pure functions.
#pragma once

#include "bson/document.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::replan {

struct PlanQuery {
    std::string label;  // "Q5", or a shape's id
    std::string collection;
    double calls_a_minute = 0;
    std::vector<bson::Document> commands;  // as explainable_command() makes them
};

// The command that `explain` takes for a command or a single statement ({q, u} or {q, limit}) on
// this collection, without what belongs to one call (session, write concern …). Nothing for an
// insert, which has no plan, for a pipeline that writes ($out, $merge), and for what asks no
// collection.
[[nodiscard]] std::optional<bson::Document> explainable_command(std::string_view collection,
                                                                bson::View statement);

// True if running the command again and again changes nothing.
[[nodiscard]] bool only_reads(bson::View command);

}  // namespace plumb::replan
