// SPDX-License-Identifier: GPL-3.0-or-later
// `plumb advise --from-counters`: what the members counted, beside the shapes of another source.
//
// Threads  one thread.
#pragma once

#include "cli/context.h"
#include "tool/advise/server_counters.h"
#include "tool/capture/shape_table.h"

#include <string>
#include <vector>

namespace plumb::cli {

// The counters of the collections that the shapes ask.
//   errors  those of connecting
[[nodiscard]] Result<std::vector<advise::CollectionCounters>> counters_of(
    Context& context, const std::string& database, const capture::ShapeTable& table);

void print_counters(Console& console, const std::vector<advise::CollectionCounters>& counters);

// Gives calls a minute to the queries whose shapes know no time, and says how many.
void weigh(Context& context,
           const std::vector<advise::CollectionCounters>& counters,
           const capture::ShapeTable& table,
           std::vector<advise::AskedQuery>& asked);

}  // namespace plumb::cli
