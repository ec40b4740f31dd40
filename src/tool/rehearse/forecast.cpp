// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/rehearse/forecast.h"

#include "tool/copy/id_range.h"
#include "tool/rehearse/build_times.h"
#include "tool/rehearse/key_counts.h"
#include "tool/rehearse/part_builds.h"
#include "tool/rehearse/size_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace plumb::rehearse {
namespace {

constexpr double kTailDeviations = 1.645;
constexpr double kSizeModelError = 0.06;  // bench/forecast: how far off fits were
constexpr double kTimeModelError = 0.25;
constexpr double kTimeModelErrorAbove = 0.6;
constexpr double kFirstRunMax = 1.5;
constexpr double kTimeNoiseMs = 30;                  // a write to the disk, more or less
constexpr double kCacheBytes = 256.0 * 1024 * 1024;  // of the scratch engine
constexpr double kCacheShare = 0.7;  // of it that documents may take before reads miss

// The documents of a collection in the order of their records.
Result<std::vector<bson::Document>> read_all(client::Client& client,
                                             const Inputs& inputs,
                                             const std::string& collection) {
    std::vector<bson::Document> out;
    PLUMB_CHECK(copy::read_range(client,
                                 {inputs.database, collection, {}, true},
                                 inputs.interrupt,
                                 [&out](bson::View document) -> Status {
                                     out.emplace_back(document);
                                     return {};
                                 }));
    return out;
}

// The indexes of each build of this collection, as they are there now.
Result<std::vector<std::vector<project::IndexDefinition>>> groups_of(
    client::Client& client, const Inputs& inputs, const std::vector<BuildLine*>& builds) {
    PLUMB_TRY(there, client.list_indexes(inputs.database, builds.front()->collection));
    std::vector<std::vector<project::IndexDefinition>> out(builds.size());
    for (const bson::Document& each : there) {
        PLUMB_TRY(index, project::index_from_server(each));
        for (std::size_t at = 0; at < builds.size(); ++at) {
            const auto& names = builds[at]->indexes;
            if (std::find(names.begin(), names.end(), index.name) != names.end()) {
                out[at].push_back(index);
            }
        }
    }
    return out;
}

// So many entries are new at each field, so many repeat a key.
Composition composition_of(const std::vector<double>& distinct, double entries) {
    Composition out;
    double before = 0;
    for (const double one : distinct) {
        const double here = std::clamp(one, before, entries);
        out.fresh.push_back(here - before);
        before = here;
    }
    out.repeated = entries - before;
    return out;
}

Composition composition_of(const KeyCounts& counts) {
    std::vector<double> distinct;
    for (const Frequencies& level : counts.levels) {
        distinct.push_back(level.distinct);
    }
    return composition_of(distinct, counts.entries);
}

const std::vector<bson::Document>& documents_of(const Part& part,
                                                const project::IndexDefinition& index) {
    const auto held = part.held.find(index.name);
    return held == part.held.end() ? part.documents : held->second;
}

Estimate entries_of(const KeyCounts& counts, const CollectionLine& line, std::size_t sampled) {
    const double entries = counts.entries / line.share();
    if (counts.entries == static_cast<double>(sampled)) {
        return Estimate::exactly(static_cast<double>(line.documents));
    }
    const double error = kTailDeviations / std::sqrt(std::max(1.0, counts.entries));
    return {entries, entries * (1 - std::min(1.0, error)), entries * (1 + error)};
}

void forecast_size(const std::vector<Part>& parts,
                   const project::IndexDefinition& index,
                   const CollectionLine& line,
                   IndexLine& out) {
    const KeyCounts counts = count_keys(documents_of(parts.front(), index), index);
    if (counts.levels.empty() || counts.entries < 1) {
        const double scale = 1 / line.share();
        out.bytes = {static_cast<double>(out.measured_bytes) * scale,
                     static_cast<double>(out.measured_bytes),
                     static_cast<double>(out.measured_bytes) * scale * 1.3};
        return;
    }
    std::vector<Observed> observed;
    for (const Part& part : parts) {
        const auto bytes = part.index_bytes.find(index.name);
        const KeyCounts in_part = count_keys(documents_of(part, index), index);
        if (bytes != part.index_bytes.end() && in_part.entries >= 1) {
            observed.push_back({composition_of(in_part), bytes->second});
        }
    }
    const SizeModel model =
        fit(observed, likely_model(counts.key_bytes / counts.entries, counts.levels.size()));
    out.multikey = counts.multikey;
    out.entries = entries_of(counts, line, parts.front().documents.size());
    std::vector<double> low;
    std::vector<double> value;
    std::vector<double> high;
    for (const Frequencies& level : counts.levels) {
        const bool all_different = index.unique && &level == &counts.levels.back();
        const Estimate distinct = all_different ? Estimate::exactly(out.entries.value)
                                                : distinct_in_all(level, out.entries.value);
        low.push_back(distinct.low);
        value.push_back(distinct.value);
        high.push_back(distinct.high);
    }
    out.bytes.value = model.bytes(composition_of(value, out.entries.value));
    const double error = std::hypot(kSizeModelError, model.error) * out.bytes.value;
    const double least = model.bytes(composition_of(low, out.entries.low));
    const double most = model.bytes(composition_of(high, out.entries.high));
    out.bytes.low = out.bytes.value - std::hypot(out.bytes.value - least, error);
    out.bytes.high = out.bytes.value + std::hypot(most - out.bytes.value, error);
}

// What a build costs anyway, and for each document: from a build of few and one of many.
void forecast_time(const Part& few,
                   const BuildTimes& many,
                   std::size_t group,
                   const CollectionLine& line,
                   BuildLine& out) {
    const auto all = static_cast<double>(line.documents);
    const auto sampled = static_cast<double>(few.documents.size());
    const double short_ms = few.build_ms[group];
    const double long_ms = many.build_ms[group];
    const double slope = many.documents > sampled
                             ? std::max(0.0, long_ms - short_ms) / (many.documents - sampled)
                             : short_ms / sampled;
    const double at_zero = std::max(0.0, short_ms - slope * sampled);
    // Part of the work is sorting: between n and n·log n.
    const double sorting =
        std::sqrt(std::log2(std::max(4.0, all)) / std::log2(std::max(4.0, many.documents)));
    // The first run of a build is slower than the ones that follow; `up` was a first run.
    const double first = std::clamp(
        static_cast<double>(out.measured_ms) / std::max(1.0, short_ms), 1.0, kFirstRunMax);
    const double warm = (at_zero + slope * all * sorting) * first;
    const double cold = warm + many.cold_read_ms * all;
    const bool fits = static_cast<double>(line.bytes) < kCacheShare * kCacheBytes;
    out.ms.value = fits ? warm : cold;
    out.ms.low = std::max(0.0, warm * (1 - kTimeModelError) - kTimeNoiseMs);
    out.ms.high = cold * (1 + kTimeModelErrorAbove) + kTimeNoiseMs;
}

Status forecast_collection(Scratch& scratch,
                           const Inputs& inputs,
                           const CollectionLine& line,
                           Rehearsal& out) {
    std::vector<BuildLine*> builds;
    for (BuildLine& build : out.builds) {
        if (build.collection == line.name) {
            builds.push_back(&build);
        }
    }
    inputs.progress(fmt::format("{}: building over parts of the sample", line.name), 0, 0);
    PLUMB_TRY(groups, groups_of(scratch.client(), inputs, builds));
    PLUMB_TRY(documents, read_all(scratch.client(), inputs, line.name));
    if (documents.empty() ||
        std::any_of(groups.begin(), groups.end(), [](const auto& one) { return one.empty(); })) {
        return {};
    }
    PLUMB_TRY(parts,
              build_parts({scratch.client(), inputs.clock, inputs.interrupt, groups}, documents));
    PLUMB_TRY(times,
              time_builds(scratch, inputs, groups, documents, static_cast<double>(line.documents)));
    for (std::size_t group = 0; group < groups.size(); ++group) {
        forecast_time(parts.front(), times, group, line, *builds[group]);
        for (const project::IndexDefinition& index : groups[group]) {
            for (IndexLine& known : out.indexes) {
                if (known.collection == line.name && known.name == index.name) {
                    forecast_size(parts, index, line, known);
                }
            }
        }
    }
    return {};
}

}  // namespace

Status forecast_builds(Scratch& scratch, const Inputs& inputs, Rehearsal& out) {
    std::set<std::string> built;
    for (const BuildLine& build : out.builds) {
        built.insert(build.collection);
    }
    for (BuildLine& build : out.builds) {
        // Measured once is no certainty either.
        build.ms.low = std::max(0.0, build.ms.value * (1 - kTimeModelError) - kTimeNoiseMs);
        build.ms.high = build.ms.value * (1 + kTimeModelErrorAbove) + kTimeNoiseMs;
    }
    for (const CollectionLine& line : out.collections) {
        if (built.contains(line.name) && line.share() < 1) {
            PLUMB_CHECK(inputs.interrupt.check_now());
            PLUMB_CHECK(forecast_collection(scratch, inputs, line, out));
        }
    }
    return {};
}

}  // namespace plumb::rehearse
