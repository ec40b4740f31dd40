// SPDX-License-Identifier: GPL-3.0-or-later
// From the calls of a command on a sample to what the same command examines on the whole.
//
//   const Growth whole = grow(command, {.share = 0.02, .documents = 1'000'000}, seed);
//   whole.docs.value, whole.docs.low, whole.docs.high
//
// A scan grows with the collection. A range, and an equality whose value comes from somewhere else,
// match 1/share times as many documents. An equality whose value was drawn from a document of the
// sample matches that document for certain, and 1/share times as many others. A limit ends the
// reading: how many documents are found before it is a matter of how the numbers of matches are
// spread, which is fitted (a gamma distribution of rates behind the Poisson counts of a sample).
//
// Source   negative binomial as gamma-Poisson mixture; percentile bootstrap as in bench/bootstrap.h
// Threads  pure functions.
#pragma once

#include "tool/rehearse/estimate.h"
#include "tool/rehearse/examined.h"

#include <cstdint>
#include <string>
#include <vector>

namespace plumb::rehearse {

struct Whole {
    double share = 1;                // of the collection in the sample
    double documents = 0;            // of the collection
    double looked_up_share = 1;      // of the collection of a $lookup
    double looked_up_documents = 0;  // of that collection in the sample
};

struct Growth {
    Estimate docs;
    Estimate keys;
    std::vector<Call> calls;  // the calls as they would be, one by one: for medians of times
    std::string how;          // "stays", "grows with the collection", …
};

// requires command.calls is not empty
[[nodiscard]] Growth grow(const CommandCalls& command, const Whole& whole, std::uint64_t seed);

}  // namespace plumb::rehearse
