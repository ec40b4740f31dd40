// SPDX-License-Identifier: GPL-3.0-or-later
// An index made unique where it is, without a build: from MongoDB 6.0 on collMod can first refuse
// new duplicates (prepareUnique), and then, after another look, turn the index unique.
//
//   PLUMB_TRY(can, can_convert_to_unique(facts, step));
//   if (can) { PLUMB_CHECK(convert_to_unique(deployment, "users", step)); }
//
// Source   MongoDB manual, "Convert an Existing Index to a Unique Index"
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "tool/migrate/deployment/deployment.h"
#include "tool/migrate/index/index_plan.h"

#include <string>
#include <vector>

namespace plumb::migrate {

// True if the step is a conflict whose only difference is that the index there is not unique.
[[nodiscard]] bool differs_in_unique_only(const IndexStep& step);

// True if that is so and the server is one that can. errors: what the server says
[[nodiscard]] Result<bool> can_convert_to_unique(const Deployment& deployment,
                                                 const IndexStep& step);

// The commands, in their order, for a plan to show.
[[nodiscard]] std::vector<bson::Document> convert_commands(const std::string& collection,
                                                           const std::string& index_name);

// Converts. If duplicates are found meanwhile, or anything fails, prepareUnique is taken back.
//   errors  DuplicateKey with the duplicates found; what the server says
[[nodiscard]] Status convert_to_unique(const Deployment& deployment,
                                       const std::string& collection,
                                       const IndexStep& step);

}  // namespace plumb::migrate
