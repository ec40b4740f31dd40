// SPDX-License-Identifier: GPL-3.0-or-later
// A part of a database into the scratch engine: every collection with its options, indexes and
// validator, and of each large one a random part of its documents.
//
//   PLUMB_TRY(lines, copy_sample(*source, scratch.client(), {"shop", 0.02}, interrupt, progress));
//
// A document is taken or not by a hash of its _id: the same part each time, spread over the whole
// collection, whatever the order of its documents means. The source is read by its _id index and by
// the documents that were chosen; past kWalkedMax documents its own $sample is used. Collections of
// at most kWholeMax documents come over whole, so that what others refer to is mostly there.
//
// Threads  one thread.
#pragma once

#include "base/interrupt.h"
#include "base/result.h"
#include "client/client.h"
#include "tool/copy/copy.h"
#include "tool/rehearse/record.h"

#include <cstdint>
#include <string>
#include <vector>

namespace plumb::rehearse {

// Also the least that is taken of a larger collection: fewer say too little.
inline constexpr std::int64_t kWholeMax = 5000;
inline constexpr std::int64_t kWalkedMax = 20'000'000;

struct Sampling {
    std::string database;
    double share = 0.05;  // 0 < share < 1
    std::uint64_t seed = 1;
};

// errors  Interrupted; NamespaceNotFound if the source has no collection; what a server says
[[nodiscard]] Result<std::vector<CollectionLine>> copy_sample(client::Client& source,
                                                              client::Client& target,
                                                              const Sampling& sampling,
                                                              Interrupt& interrupt,
                                                              const copy::Progress& progress);

}  // namespace plumb::rehearse
