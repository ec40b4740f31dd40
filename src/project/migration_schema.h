// SPDX-License-Identifier: GPL-3.0-or-later
// The JSON Schema of migration files, for editors: made from the table of operations.
//
// Format   JSON Schema draft 7, which YAML language servers read
// Threads  pure functions.
#pragma once

#include "bson/document.h"

#include <string>
#include <string_view>

namespace plumb::project {

// The name of the schema's file beside the migrations that refer to it.
inline constexpr std::string_view kMigrationSchemaFile = "migration.schema.json";

[[nodiscard]] bson::Document migration_schema();

// The first line of a migration file, by which an editor finds the schema beside it.
[[nodiscard]] std::string schema_line();

}  // namespace plumb::project
