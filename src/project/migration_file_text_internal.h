// SPDX-License-Identifier: GPL-3.0-or-later
// Parts of a new migration file's text. For this folder.
//
// Threads  pure functions.
#pragma once

#include "project/index_definition.h"
#include "project/migration_file_text.h"

#include <string>

namespace plumb::project {

// Everything up to and with `up:`; `with_allow`: the keys that nobody filled in, as comments.
[[nodiscard]] std::string head_text(const MigrationHead& head, bool with_allow);

// "{key: {email: 1}, unique: true}", as create_indexes lists it.
[[nodiscard]] std::string index_text(const IndexDefinition& index);

}  // namespace plumb::project
