// SPDX-License-Identifier: GPL-3.0-or-later
// An application's source as a source of shapes, for a team that has no logs: calls of the drivers
// for Python (PyMongo, motor) and JavaScript or TypeScript (the driver, mongoose) become the
// commands that the driver would send, with everything computed at run time taken as a constant.
//
//   ShapeTable table;
//   PLUMB_TRY(summary, read_source("backend/", "shop", table));
//   // db.orders.find({"user_id": uid}).sort("delivery_date", -1)
//   //     → find orders {user_id: =} sort: {delivery_date: -1}, at backend/orders.py:42
//
// A filter that is built step by step (q = {…}; q["status"] = s) gives two shapes: as it was made
// first, and with every field that may be added.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "tool/capture/shape_table.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::capture {

struct SourceSummary {
    std::int64_t files = 0;
    std::int64_t calls = 0;
    // Calls of a driver's method whose collection could not be told: "app/base.py:17".
    std::vector<std::string> unresolved;
};

// Every .py, .js, .mjs, .cjs, .ts, .tsx and .jsx below `folder` (or that one file); folders of
// packages and of tools (node_modules, venv, .git, …) are left out. Each call counts once.
//   errors  IoError naming the path
[[nodiscard]] Result<SourceSummary> read_source(const std::filesystem::path& folder,
                                                const std::string& database,
                                                ShapeTable& table);

// One file's text; `name` stands in the places of its calls, and its ending tells the language.
void read_source_text(std::string_view text,
                      const std::string& name,
                      const std::string& database,
                      ShapeTable& table,
                      SourceSummary& summary);

}  // namespace plumb::capture
