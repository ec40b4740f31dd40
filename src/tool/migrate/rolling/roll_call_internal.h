// SPDX-License-Identifier: GPL-3.0-or-later
// What is looked at before a member is touched. For this folder.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "project/migration_file.h"
#include "tool/migrate/rolling/build_by_member.h"
#include "tool/migrate/rolling/member.h"

#include <vector>

namespace plumb::migrate {

// The indexes of the migration by collection.
//   errors  RefusedForSafety for another operation than create_indexes, and for a unique index
[[nodiscard]] Result<std::vector<Wanted>> wanted_by(const project::MigrationFile& file,
                                                    UniqueByMember unique);

// errors  RefusedForSafety naming the member that stands in the way, or the oplog
[[nodiscard]] Status roll_call(const Deployment& deployment,
                               const MembersFile& members,
                               const std::vector<Wanted>& wanted);

}  // namespace plumb::migrate
