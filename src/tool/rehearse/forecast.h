// SPDX-License-Identifier: GPL-3.0-or-later
// From a sample to all documents: how large the indexes get that `up` built, and how long building
// them takes.
//
// Sizes: the same indexes are built over parts of the sample; a sum of what new and repeated keys
// cost is fitted to that (size_model.h) and applied to as many of each as the whole will have
// (distinct.h). Times: what a build costs anyway and for each document comes from the parts; the
// whole pays, beside that, for reading documents that are not in the cache, if it does not fit.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "tool/rehearse/rehearse.h"

namespace plumb::rehearse {

// Replaces what was measured in `out.indexes` and `out.builds` by forecasts, for the collections of
// which only a part was copied. Restarts the scratch engine.
[[nodiscard]] Status forecast_builds(Scratch& scratch, const Inputs& inputs, Rehearsal& out);

}  // namespace plumb::rehearse
