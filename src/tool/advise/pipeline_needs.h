// SPDX-License-Identifier: GPL-3.0-or-later
// What an aggregation reads of the documents that its plan gives it: if it is known, an index that
// holds all of it covers the pipeline.
//
// Source   MongoDB manual, "Aggregation Pipeline Optimization", "Projection Optimization"
// Threads  pure functions.
#pragma once

#include "bson/document.h"

#include <optional>
#include <set>
#include <string>

namespace plumb::advise {

struct PipelineNeeds {
    // Paths that are read; nothing: whole documents.
    std::optional<std::set<std::string>> fields;
    // Its results are made from many documents: what is read is not what is returned.
    bool groups = false;
};

[[nodiscard]] PipelineNeeds pipeline_needs(bson::View pipeline);

// The paths of the input that an expression names. False if it names the whole document.
[[nodiscard]] bool collect_paths(bson::ValueView expression, std::set<std::string>& out);

}  // namespace plumb::advise
