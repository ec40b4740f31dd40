// SPDX-License-Identifier: GPL-3.0-or-later
// A node-by-node build of indexes, done: each member of a replica set is taken out, builds alone,
// comes back and catches up; the primary steps down and is the last one.
//
//   PLUMB_TRY(members, load_members_file("members.yaml"));
//   PLUMB_CHECK(build_by_member(deployment, file, members, {}));
//   PLUMB_TRY(outcome, apply(deployment, file));   // finds them, and the ledger owns them
//
// Can be run again after it ended anywhere: a member that has the indexes is left alone, one that
// was left standing alone is brought back first.
//
// Source   MongoDB manual, "Rolling index builds on replica sets"
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "project/migration_file.h"
#include "tool/migrate/deployment/deployment.h"
#include "tool/migrate/rolling/members_file.h"

namespace plumb::migrate {

enum class UniqueByMember : std::uint8_t { Refused, Allowed };

// Before a member is touched the ledger has the indexes as intended by this migration, so that
// apply() owns those that are there afterwards. The lock is held all the while.
//   errors  RefusedForSafety, nothing touched: an operation that is no create_indexes; a unique
//           index that is not allowed; a member that is missing in the file, does not answer, or is
//           building already; an oplog too short for the build; a set of one member. LockHeld.
//           Interrupted, OperationFailed …: the member at work was brought back, and the message
//           says of each member what it has. RollbackFailed: one could not be brought back
[[nodiscard]] Status build_by_member(const Deployment& deployment,
                                     const project::MigrationFile& file,
                                     const MembersFile& members,
                                     UniqueByMember unique);

}  // namespace plumb::migrate
