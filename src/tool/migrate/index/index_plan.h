// SPDX-License-Identifier: GPL-3.0-or-later
// What a list of wanted indexes means for a collection that already has some.
//
// Threads  pure functions.
#pragma once

#include "base/result.h"
#include "client/client.h"
#include "project/index_definition.h"

#include <cstdint>
#include <string>
#include <vector>

namespace plumb::migrate {

struct IndexStep {
    enum class What : std::uint8_t {
        Create,
        Exists,    // with the same definition; maybe under another name
        Conflict,  // the name or the key is taken by another definition
    };
    What what = What::Create;
    project::IndexDefinition wanted;
    std::string found_name;                        // Exists, Conflict: the index that is there
    std::vector<project::Difference> differences;  // Conflict
};

[[nodiscard]] std::vector<IndexStep> plan_indexes(
    const std::vector<project::IndexDefinition>& wanted,
    const std::vector<project::IndexDefinition>& existing);

// The wanted definitions of the steps that are to be created.
[[nodiscard]] std::vector<project::IndexDefinition> to_create(const std::vector<IndexStep>& steps);

// The index of this name; null if there is none.
[[nodiscard]] const project::IndexDefinition* find_index(
    const std::vector<project::IndexDefinition>& indexes, std::string_view name);

// True if `indexes` has one of this name and definition.
[[nodiscard]] bool has_index(const std::vector<project::IndexDefinition>& indexes,
                             const project::IndexDefinition& wanted);

// The indexes of a collection now; none if there is no such collection.
[[nodiscard]] Result<std::vector<project::IndexDefinition>> indexes_of(client::Client& client,
                                                                       std::string_view database,
                                                                       std::string_view collection);

}  // namespace plumb::migrate
