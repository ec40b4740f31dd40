// SPDX-License-Identifier: GPL-3.0-or-later
// What would make a build fail, found before anything is built.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "project/index_definition.h"
#include "tool/migrate/deployment/deployment.h"
#include "tool/migrate/deployment/problem.h"
#include "tool/migrate/index/index_plan.h"

#include <string>
#include <vector>

namespace plumb::migrate {

// At most so many duplicate values are looked for and listed.
inline constexpr int kDuplicatesListed = 20;

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

}  // namespace plumb::migrate
