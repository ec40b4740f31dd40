// SPDX-License-Identifier: GPL-3.0-or-later
// The text of new migration files: commented examples, or operations that are already known.
//
// Threads  pure functions.
#pragma once

#include "bson/value.h"
#include "project/index_definition.h"

#include <string>
#include <string_view>
#include <vector>

namespace plumb::project {

// The head of a file: schema line, what to do with it, version, name, description.
struct MigrationHead {
    int version = 1;
    std::string name;
    std::string description;
};

// A file in which every operation is explained and none is switched on.
[[nodiscard]] std::string commented_migration(const MigrationHead& head);

// Indexes of one collection, to be created.
struct IndexBlock {
    std::string collection;
    std::vector<IndexDefinition> indexes;
};
[[nodiscard]] std::string migration_of_indexes(const MigrationHead& head,
                                               const std::vector<IndexBlock>& blocks);

// A `delete` of these documents of one collection, in operations of some hundred.
[[nodiscard]] std::string migration_of_deletes(const MigrationHead& head,
                                               const std::string& collection,
                                               const std::vector<bson::Value>& ids);

// "Add Users-Index" → "add_users_index"; empty if nothing is left of it.
[[nodiscard]] std::string migration_name(std::string_view text);

// Text as a YAML scalar that is also right inside {…}; quoted where it has to be.
[[nodiscard]] std::string yaml_text(std::string_view text);

}  // namespace plumb::project
