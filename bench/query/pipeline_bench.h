// SPDX-License-Identifier: GPL-3.0-or-later
// The benchmarks of this folder. Each is registered twice: NAME/once, whose pipeline is parsed
// once, and NAME/each, whose pipeline is parsed anew for each document.
#pragma once

namespace plumb::bench {

// $match, $project, $group, $sort and $unwind over orders in memory.
void register_pipelines();
// $lookup over a database in a temporary directory, by an index and by a table.
void register_lookups();

}  // namespace plumb::bench
