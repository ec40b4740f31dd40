// SPDX-License-Identifier: GPL-3.0-or-later
// Turns a query's templates into the commands of one sample: same seed, same data, same commands.
//
//   PLUMB_TRY(drawer, prepare_drawer(client, "shop", workload, workload.seed));
//   PLUMB_TRY(commands, drawer.commands(*workload.query("Q5"), 0));
//
// Threads  const functions may run at once.
#pragma once

#include "base/random.h"
#include "base/result.h"
#include "client/client.h"
#include "tool/workload/placeholder.h"
#include "tool/workload/workload.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plumb::workload {

// Documents drawn from each collection, by its name.
using Pools = std::map<std::string, std::vector<bson::Document>, std::less<>>;

class Drawer {
  public:
    // `rows` hold the fields that templates use, `copies` whole documents without `_id`. The
    // workload must outlive the drawer.
    Drawer(const Workload& workload, std::uint64_t seed, Pools rows, Pools copies);

    // The commands of sample number `index`.
    //   errors  NamespaceNotFound if a collection that a parameter is drawn from is empty
    [[nodiscard]] Result<std::vector<bson::Document>> commands(const Query& query,
                                                               std::uint64_t index) const;

  private:
    [[nodiscard]] Result<bson::Value> value_of(const Placeholder& placeholder,
                                               const Query& query,
                                               std::uint64_t index) const;
    [[nodiscard]] Result<bson::Value> from_row(const Parameter& parameter,
                                               std::string_view member,
                                               Random random) const;
    [[nodiscard]] Result<bson::Value> from_values(const Parameter& parameter,
                                                  std::string_view member,
                                                  Random random) const;
    [[nodiscard]] Result<bson::Value> as_new(const Parameter& parameter, Random random) const;

    const Workload* workload_;
    std::uint64_t seed_;
    std::string today_;
    Pools rows_;
    Pools copies_;
};

// Draws the pools from a database: a sample of each collection's documents, the same ones as long
// as the collection has the same `_id`s. Large collections are sampled in windows of their `_id`s.
//   errors  what the server says
[[nodiscard]] Result<Drawer> prepare_drawer(client::Client& client,
                                            std::string_view database,
                                            const Workload& workload,
                                            std::uint64_t seed);

}  // namespace plumb::workload
