// SPDX-License-Identifier: GPL-3.0-or-later
// A node-by-node build of indexes, as steps for people: each member of a replica set is taken out,
// builds alone, and comes back; the primary last, after one election.
//
// Source   MongoDB manual, "Rolling index builds on replica sets"
// Threads  pure functions.
#pragma once

#include "base/result.h"
#include "project/migration_file.h"
#include "tool/migrate/deployment/deployment.h"

#include <string>
#include <vector>

namespace plumb::migrate {

struct Member {
    std::string name;  // host:port
    bool is_primary = false;
};

// From replSetGetStatus. errors: NotAReplicaSet where there is nothing to roll over
[[nodiscard]] Result<std::vector<Member>> members_of(const Deployment& deployment);

// The steps, one a line, for all create_indexes of the migration. `members` names the hosts; the
// primary is moved to the end.
//   errors  RefusedForSafety for a unique index: members alone cannot keep it unique while writes
//           go on
[[nodiscard]] Result<std::vector<std::string>> rolling_steps(const project::MigrationFile& file,
                                                             const std::string& database,
                                                             std::vector<Member> members);

// errors  RefusedForSafety naming the first unique index of the migration
[[nodiscard]] Status refuse_unique(const project::MigrationFile& file);

}  // namespace plumb::migrate
