// SPDX-License-Identifier: GPL-3.0-or-later
// A filter taken apart into one condition a path, as an index sees it.
//
// Threads  pure functions.
#pragma once

#include "bson/document.h"

#include <cstdint>
#include <string>
#include <vector>

namespace plumb::advise {

// What an index can do with a condition on its field.
enum class Bounds : std::uint8_t {
    Point,   // one value
    Points,  // a list of values
    Range,   // an interval, all but some values ($ne), also a regular expression's prefix
    Exists,  // {$exists: true}: all of an index that holds only documents with the field
    None,    // nothing: an unanchored pattern, $size …
};

struct SplitCondition {
    std::string path;
    Bounds bounds = Bounds::None;
    std::size_t points = 1;
    bson::Document filter;  // {path: …}, this path's conditions alone
};

struct SplitFilter {
    std::vector<SplitCondition> conditions;  // by path
    std::vector<bson::Document> others;      // $expr, $nor …, each as a filter of its own
    std::vector<bson::Document> branches;    // of an $or; empty if there is none (or more than one)
};

[[nodiscard]] SplitFilter split_filter(bson::View filter);

}  // namespace plumb::advise
