// SPDX-License-Identifier: GPL-3.0-or-later
// Which indexes queries name themselves: those must not go, however seldom they are used.
//
//   hinted_indexes({{find: "orders", hint: {user_id: 1}}}, "orders", indexes)   // {"user_id_1"}
//
// Threads  pure functions.
#pragma once

#include "bson/document.h"
#include "project/index_definition.h"

#include <set>
#include <span>
#include <string>
#include <string_view>

namespace plumb::index_facts {

// Names of those of `indexes` that a hint of a command on this collection means, by name or by key.
[[nodiscard]] std::set<std::string, std::less<>> hinted_indexes(
    std::span<const bson::Document> commands,
    std::string_view collection,
    std::span<const project::IndexDefinition> indexes);

}  // namespace plumb::index_facts
