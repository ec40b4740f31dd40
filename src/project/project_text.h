// SPDX-License-Identifier: GPL-3.0-or-later
// The texts of a project folder for a database that is there already: what it has becomes the
// strategy that is kept, and migration 001.
//
//   Found found{"shop", {{"orders", indexes}}};
//   write(folder / "strategy.yaml", strategy_text(found));
//
// Threads  pure functions.
#pragma once

#include "project/index_definition.h"
#include "project/migration_file_text.h"

#include <string>
#include <vector>

namespace plumb::project {

// What a database has, `_id_` aside, collections by name.
struct Found {
    std::string database;
    std::vector<IndexBlock> collections;  // also those without another index
};

[[nodiscard]] std::string project_text(const Found& found);

// Every index, with `collection.name` as they are on the server.
[[nodiscard]] std::string strategy_text(const Found& found);

// Migration 001: creates what is there, for a database that has it not. Empty if nothing is.
[[nodiscard]] std::string baseline_text(const Found& found, const MigrationHead& head);

}  // namespace plumb::project
