// SPDX-License-Identifier: GPL-3.0-or-later
// Commands of a shape with values from a sample: what stands in for the real calls where a source
// keeps shapes only.
//
// Threads  pure functions.
#pragma once

#include "bson/document.h"
#include "tool/advise/columns.h"
#include "tool/advise/sample.h"
#include "tool/capture/shape.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace plumb::advise {

// What a range covers and a page holds where nothing better is known.
inline constexpr double kRangeShare = 0.04;
inline constexpr int kPageDocuments = 20;

// `count` instances of the shape's command or statement. Each asks for the values of one random
// document of the sample, so popular values are asked for often, as applications do, and values go
// together as they do in the data; the same seed gives the same instances.
[[nodiscard]] std::vector<bson::Document> make_instances(const capture::Shape& shape,
                                                         const CollectionSample& sample,
                                                         std::size_t count,
                                                         std::uint64_t seed);

// The same with columns that other shapes of the collection have made.
[[nodiscard]] std::vector<bson::Document> make_instances(const capture::Shape& shape,
                                                         Columns& columns,
                                                         std::size_t count,
                                                         std::uint64_t seed);

}  // namespace plumb::advise
