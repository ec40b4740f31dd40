// SPDX-License-Identifier: GPL-3.0-or-later
// A copy of a collection's first documents beside it, to be written to and thrown away.
//
//   ScratchCollection scratch{client, "shop", "orders", scratch_name("orders", 2)};
//   PLUMB_CHECK(scratch.fill(100'000));
//   …                                     // dropped with the object
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "client/client.h"
#include "project/index_definition.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::bench {

class ScratchCollection {
  public:
    ScratchCollection(client::Client& client,
                      std::string database,
                      std::string source,
                      std::string name);
    ScratchCollection(const ScratchCollection&) = delete;
    ScratchCollection& operator=(const ScratchCollection&) = delete;
    // Drops it, ignoring errors.
    ~ScratchCollection();

    // Drops what a killed run left and copies at most this many documents, without their indexes.
    [[nodiscard]] Status fill(std::int64_t documents_max);
    [[nodiscard]] Status drop();

    [[nodiscard]] Result<std::int64_t> count() const;
    // Some documents, the same for the same data.
    [[nodiscard]] Result<std::vector<bson::Document>> documents(std::int64_t limit) const;

    // Milliseconds that the build took.
    [[nodiscard]] Result<std::int64_t> build(const project::IndexDefinition& index);
    [[nodiscard]] Status drop_index(std::string_view index_name);
    // On disk.
    [[nodiscard]] Result<std::int64_t> index_bytes(std::string_view index_name) const;

    [[nodiscard]] const std::string& name() const { return name_; }

  private:
    client::Client& client_;
    std::string database_;
    std::string source_;
    std::string name_;
};

}  // namespace plumb::bench
