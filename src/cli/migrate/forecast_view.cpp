// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/migrate/forecast_view.h"

#include "base/limits.h"
#include "bson/builder.h"

#include <fmt/format.h>

namespace plumb::cli {

void show(Console& console, const migrate::BuildForecast& forecast) {
    console.out(fmt::format("  forecast for {}, {}:", forecast.collection, forecast.basis));
    for (const migrate::IndexForecast& index : forecast.indexes) {
        console.out(fmt::format("    {}: {} entries, {} to {}{}",
                                index.name,
                                human_count(index.entries),
                                human_bytes(index.bytes_low),
                                human_bytes(index.bytes_high),
                                index.multikey ? ", multikey" : ""));
    }
    console.out(fmt::format("    time {} to {}; {} → {} of {} indexes",
                            human_duration(std::chrono::milliseconds{forecast.ms_low}),
                            human_duration(std::chrono::milliseconds{forecast.ms_high}),
                            forecast.indexes_now,
                            forecast.indexes_then,
                            kIndexesPerCollectionMax));
}

bson::Document to_bson(const migrate::BuildForecast& forecast) {
    bson::Builder out;
    out.append("collection", forecast.collection);
    out.append("documents", forecast.size.documents);
    out.append("sampled", forecast.sampled);
    out.begin_array("indexes");
    for (const migrate::IndexForecast& index : forecast.indexes) {
        out.push_document();
        out.append("name", index.name);
        out.append("entries", index.entries);
        out.append("bytesLow", index.bytes_low);
        out.append("bytesHigh", index.bytes_high);
        out.append("multikey", index.multikey);
        out.end();
    }
    out.end();
    out.append("msLow", forecast.ms_low);
    out.append("msHigh", forecast.ms_high);
    out.append("indexesNow", forecast.indexes_now);
    out.append("indexesThen", forecast.indexes_then);
    out.append("indexLimit", kIndexesPerCollectionMax);
    out.append("basis", forecast.basis);
    return out.finish();
}

}  // namespace plumb::cli
