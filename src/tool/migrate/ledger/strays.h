// SPDX-License-Identifier: GPL-3.0-or-later
// Commands of a run that is over. A server goes on with a command after the connection it came by
// is gone: a batch could be changed, or a collection made, after it was taken back.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "tool/migrate/deployment/deployment.h"

#include <string>

namespace plumb::migrate {

// Waits until no command of Plumbline's that changes this database is under way. To be called
// before a run that did not end is gone on with or taken back, by its only runner. Where currentOp
// may not be read nothing is known, and it waits a moment.
[[nodiscard]] Status wait_for_strays(const Deployment& deployment);

// True if this element of currentOp's `inprog` is such a command on `database`.
[[nodiscard]] bool is_stray(bson::View operation, const std::string& database);

}  // namespace plumb::migrate
