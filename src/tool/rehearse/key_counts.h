// SPDX-License-Identifier: GPL-3.0-or-later
// The keys that an index has over some documents: how many, and how many different ones by its
// first field, its first two …
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "project/index_definition.h"
#include "tool/rehearse/distinct.h"

#include <cstdint>
#include <vector>

namespace plumb::rehearse {

struct KeyCounts {
    double entries = 0;
    double key_bytes = 0;  // of all keys
    bool multikey = false;
    std::vector<Frequencies> levels;  // one a field of the index, each with all before it
};

// Keys of a kind that is not made here (text, geo) give no levels.
[[nodiscard]] KeyCounts count_keys(const std::vector<bson::Document>& documents,
                                   const project::IndexDefinition& index);

}  // namespace plumb::rehearse
