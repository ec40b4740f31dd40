// SPDX-License-Identifier: GPL-3.0-or-later
// How long builds take for each document: over many documents, made by repeating those of a sample
// under other ids, because what a build of a few thousand costs anyway drowns the rest.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "project/index_definition.h"
#include "tool/rehearse/rehearse.h"
#include "tool/rehearse/scratch.h"

#include <vector>

namespace plumb::rehearse {

struct BuildTimes {
    double documents = 0;
    std::vector<double> build_ms;  // one a group; the fastest of some runs
    double cold_read_ms = 0;       // more for each document that is not in the cache
};

inline constexpr double kTimedDocuments = 60'000;

// Unique indexes are built as others: a repeated document repeats its keys. Restarts the engine.
//   documents_max  repeats stop there: more than the whole collection says nothing new
[[nodiscard]] Result<BuildTimes> time_builds(
    Scratch& scratch,
    const Inputs& inputs,
    const std::vector<std::vector<project::IndexDefinition>>& groups,
    const std::vector<bson::Document>& documents,
    double documents_max);

}  // namespace plumb::rehearse
