// SPDX-License-Identifier: GPL-3.0-or-later
// What would make a build fail, found before anything is built.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "project/index_definition.h"
#include "tool/migrate/deployment.h"
#include "tool/migrate/index_plan.h"

#include <string>
#include <vector>

namespace plumb::migrate {

// At most so many duplicate values are looked for and listed.
inline constexpr int kDuplicatesListed = 20;

struct Problem {
    std::string code;  // "duplicates", "conflict", "too_many_indexes"
    std::string collection;
    std::string index;
    std::string text;        // one or more lines for people
    bson::Document details;  // the same for machines
};

// Reads only. `steps` are those of one collection that has `existing` indexes.
[[nodiscard]] Result<std::vector<Problem>> find_problems(
    const Deployment& deployment,
    const std::string& collection,
    const std::vector<IndexStep>& steps,
    const std::vector<project::IndexDefinition>& existing);

// Values that more than one document has, as the server would see them in this unique index: under
// its filter, missing as null, each element of an array. Nothing if there are none.
[[nodiscard]] Result<std::vector<Problem>> find_duplicates(const Deployment& deployment,
                                                           const std::string& collection,
                                                           const project::IndexDefinition& index);

// All problems as one RefusedForSafety, details {problems: [...]}; Ok if there are none.
[[nodiscard]] Status refuse(const std::vector<Problem>& problems);

}  // namespace plumb::migrate
