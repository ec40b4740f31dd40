// SPDX-License-Identifier: GPL-3.0-or-later
// A forecast of index builds as lines for people and as JSON.
#pragma once

#include "bson/document.h"
#include "cli/console.h"
#include "tool/migrate/index/forecast.h"

namespace plumb::cli {

void show(Console& console, const migrate::BuildForecast& forecast);

// {collection, documents, indexes: [{name, entries, bytesLow, bytesHigh, multikey}], msLow, msHigh,
// indexesNow, indexesThen, indexLimit, basis}
[[nodiscard]] bson::Document to_bson(const migrate::BuildForecast& forecast);

}  // namespace plumb::cli
