// SPDX-License-Identifier: GPL-3.0-or-later
// The size of an index as a sum: something for the file, something for each entry whose first field
// is a new value, for each whose second field is (under the same first), …, and for each that only
// repeats a key. What they are is fitted to the sizes that the same index has over parts of a
// sample; the engine's own pages and compression are in these sizes.
//
//   PLUMB_TRY(model, fit(observed, prior_of(counts)));
//   model.bytes(whole)
//
// Source   ridge regression (Hoerl, Kennard, 1970) on relative errors
// Threads  pure functions.
#pragma once

#include <vector>

namespace plumb::rehearse {

// What an index consists of: how many entries of each kind.
struct Composition {
    std::vector<double> fresh;  // entries that are new at each field, in the order of the fields
    double repeated = 0;

    [[nodiscard]] double entries() const;
};

struct Observed {
    Composition composition;
    double bytes = 0;
};

struct SizeModel {
    double file = 0;
    std::vector<double> fresh;  // bytes an entry
    double repeated = 0;
    double error = 0;  // relative, of the observed sizes

    [[nodiscard]] double bytes(const Composition& composition) const;
};

// What is likely before anything was observed. key_bytes: of one key, on average
[[nodiscard]] SizeModel likely_model(double key_bytes, std::size_t fields);

// requires all observed to have as many fields as `prior`
[[nodiscard]] SizeModel fit(const std::vector<Observed>& observed, const SizeModel& prior);

}  // namespace plumb::rehearse
