// SPDX-License-Identifier: GPL-3.0-or-later
// Taking indexes that are in the way of wanted ones out of it, with no moment in which the queries
// they serve have none: a covering index (the wanted key and one field more, under a name of its
// own) stands in while the old one goes and the new one is built.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "project/index_definition.h"
#include "tool/migrate/data/step.h"
#include "tool/migrate/index/index_plan.h"

#include <cstdint>
#include <string>
#include <vector>

namespace plumb::migrate {

// Stand-ins of the two directions have names and keys of their own: a run that died may have left
// those of the other.
enum class Cover : std::uint8_t { Forwards, Back };

// The definitions that stand in for `indexes` of a collection, as helpers; those that can have no
// such stand-in (text, hashed …) are left out.
[[nodiscard]] std::vector<HelperIndex> covers_of(
    const std::string& collection,
    const std::vector<project::IndexDefinition>& indexes,
    Cover direction);

// The indexes that are in the way of these steps, each once.
[[nodiscard]] std::vector<project::IndexDefinition> in_the_way(
    const std::vector<IndexStep>& steps, const std::vector<project::IndexDefinition>& existing);

// Forwards: covers are built, the indexes in the way hidden (where the server can) and dropped.
// requires that `run.entry` holds them as `replaced` and the covers as `helpers`, in the ledger
[[nodiscard]] Status take_out_of_the_way(OperationRun& run);

// Back: covers are built for the old ones, `names` dropped, the old ones built, the covers dropped.
[[nodiscard]] Status bring_back(OperationRun& run, const std::vector<std::string>& names);

// Hides or unhides an index; false where the server cannot.
[[nodiscard]] Result<bool> set_hidden(const Deployment& deployment,
                                      const std::string& collection,
                                      const std::string& index,
                                      bool hidden);

// Before the way back drops the indexes that the record owns: hides them and waits for
// `options.soak`, so that a wrong drop is undone by unhiding. Ctrl-C meanwhile unhides them.
//   errors  Interrupted: nothing was dropped, everything is as before
[[nodiscard]] Status soak(const Deployment& deployment, const Record& record);

}  // namespace plumb::migrate
