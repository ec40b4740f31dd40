// SPDX-License-Identifier: GPL-3.0-or-later
// The text of a new migration file that changes indexes: creates, replaces, drops, hides.
//
//   migration_of_changes(head, {{"users", UnhideIndex{"email_1"}, "hidden by hand"}})
//
// Threads  pure functions.
#pragma once

#include "project/migration_file_text.h"
#include "project/migration_operations.h"

#include <string>
#include <variant>
#include <vector>

namespace plumb::project {

// One operation, and why it is there: a comment above it, or none.
struct IndexChange {
    std::string collection;
    std::variant<CreateIndexes, DropIndexes, HideIndex, UnhideIndex, SetOptions> what;
    std::string why;
};

// requires at least one change
[[nodiscard]] std::string migration_of_changes(const MigrationHead& head,
                                               const std::vector<IndexChange>& changes);

}  // namespace plumb::project
