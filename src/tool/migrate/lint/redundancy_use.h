// SPDX-License-Identifier: GPL-3.0-or-later
// What lint knows of a collection beside its indexes, for judging whether one is redundant. For
// this folder.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "tool/index_facts/redundancy.h"
#include "tool/migrate/lint/context.h"

#include <string>
#include <vector>

namespace plumb::migrate::lint {

// The shard key, and which of `indexes` the workload's queries hint.
//   errors  what the server says
[[nodiscard]] Result<index_facts::CollectionUse> use_of(
    const Context& context,
    const std::string& collection,
    const std::vector<project::IndexDefinition>& indexes);

}  // namespace plumb::migrate::lint
