// SPDX-License-Identifier: GPL-3.0-or-later
// What building indexes will probably take: sizes from the keys of a sample, time from how fast the
// server reads the collection now. An estimate, and it says so.
//
//   PLUMB_TRY(forecast, forecast_build(facts, "orders", indexes));
//   forecast.basis                 // "estimated from 500 of 120 000 documents, …"
//
// Reads only.
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "project/index_definition.h"
#include "tool/migrate/index/database_facts.h"

#include <cstdint>
#include <string>
#include <vector>

namespace plumb::migrate {

struct IndexForecast {
    std::string name;
    std::int64_t entries = 0;
    std::int64_t bytes_low = 0;
    std::int64_t bytes_high = 0;
    bool multikey = false;  // in the sample
};

struct BuildForecast {
    std::string collection;
    CollectionSize size;
    std::int64_t sampled = 0;
    std::vector<IndexForecast> indexes;
    std::int64_t ms_low = 0;
    std::int64_t ms_high = 0;
    int indexes_now = 0;   // `_id_` counts
    int indexes_then = 0;  // of at most kIndexesPerCollectionMax
    std::string basis;     // what the numbers rest on, one sentence
};

// `create` are indexes that are not there yet, built together in one scan.
//   errors  what the server says
[[nodiscard]] Result<BuildForecast> forecast_build(
    DatabaseFacts& facts,
    const std::string& collection,
    const std::vector<project::IndexDefinition>& create);

}  // namespace plumb::migrate
