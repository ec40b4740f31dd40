// SPDX-License-Identifier: GPL-3.0-or-later
// The documents that generated filters, updates, projections and pipelines meet.
#pragma once

#include "bson/document.h"

#include <vector>

namespace plumb::fuzz {

// A handful of small documents with every kind of value and nesting.
[[nodiscard]] const std::vector<bson::Document>& sample_documents();

}  // namespace plumb::fuzz
