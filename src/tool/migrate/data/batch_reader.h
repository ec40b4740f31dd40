// SPDX-License-Identifier: GPL-3.0-or-later
// Walks a collection by _id in batches, so that a run can stop anywhere and go on there.
//
//   BatchReader orders{deployment, "orders", filter, projection, last_id};
//   PLUMB_TRY(documents, orders.next(1000));     // empty: there are no more
//
// Ids of several types are walked in the server's order of values: a condition on _id sees ids of
// one type only, so where those end the next batch is looked for by the bounds of the _id index.
//
// Memory   one batch.
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "bson/value.h"
#include "tool/migrate/deployment/deployment.h"

#include <cstdint>
#include <string>
#include <vector>

namespace plumb::migrate {

class BatchReader {
  public:
    // `projection` may be empty (whole documents) and keeps the _id. `position`: the last _id that
    // is not wanted any more; Missing: from the start.
    BatchReader(const Deployment& deployment,
                std::string collection,
                bson::Document filter,
                bson::Document projection,
                bson::Value position)
        : deployment_(deployment),
          collection_(std::move(collection)),
          filter_(std::move(filter)),
          projection_(std::move(projection)),
          position_(std::move(position)) {}

    // At most `limit` documents after the last batch, in the order of _id.
    [[nodiscard]] Result<std::vector<bson::Document>> next(int limit);

    // The last _id that next() returned, or where it started.
    [[nodiscard]] const bson::Value& position() const { return position_; }

  private:
    enum class From : std::uint8_t { SameType, AnyType };
    [[nodiscard]] Result<std::vector<bson::Document>> read(int limit, From from);

    const Deployment& deployment_;
    std::string collection_;
    bson::Document filter_;
    bson::Document projection_;
    bson::Value position_;
};

// How many documents fit the filter. Reads only.
[[nodiscard]] Result<std::int64_t> count_documents(const Deployment& deployment,
                                                   const std::string& collection,
                                                   bson::View filter);

}  // namespace plumb::migrate
