// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/capture/shape_table.h"

#include <algorithm>
#include <bit>

namespace plumb::capture {
namespace {

// Plans that a shape is remembered to have had; a shape with more has no plan worth naming.
constexpr std::size_t kPlansMax = 16;

}  // namespace

std::size_t ShapeTable::index_of(Shape shape) {
    std::string name = shape.database + ' ' + shape.text;
    const auto [entry, added] = by_name_.try_emplace(std::move(name), shapes_.size());
    if (added) {
        shapes_.emplace_back().shape = std::move(shape);
    }
    return entry->second;
}

void ShapeTable::observe(std::size_t index, bson::View command) {
    ShapeStatistics& shape = shapes_[index];
    ++shape.looked_at;
    observe_values(command, shape.values);
    if (keeps_ == Values::Kept && command.byte_size() <= kKeptBytesMax) {
        shape.kept.emplace_back(command);
    }
}

void ShapeTable::record(std::size_t index, const CallFigures& figures) {
    ShapeStatistics& shape = shapes_[index];
    shape.ms += figures.ms;
    shape.ms_max = std::max(shape.ms_max, figures.ms);
    shape.keys_examined += figures.keys_examined;
    shape.docs_examined += figures.docs_examined;
    shape.returned += figures.returned;
    shape.reply_bytes += figures.reply_bytes;
    if (figures.is_more) {
        ++shape.batches;
        return;
    }
    ++shape.calls;
    shape.sorts_in_memory += figures.sorted_in_memory ? 1 : 0;
    const auto bucket = static_cast<std::size_t>(
        std::bit_width(static_cast<std::uint64_t>(std::max<std::int64_t>(figures.ms, 0))));
    ++shape.by_duration[std::min(bucket, shape.by_duration.size() - 1)];
    if (figures.plan_summary.empty()) {
        return;
    }
    if (const auto plan = shape.plans.find(figures.plan_summary); plan != shape.plans.end()) {
        ++plan->second;
    } else if (shape.plans.size() < kPlansMax) {
        shape.plans.emplace(figures.plan_summary, 1);
    }
}

std::int64_t duration_quantile(const ShapeStatistics& statistics, double share) {
    const auto wanted = static_cast<std::int64_t>(share * static_cast<double>(statistics.calls));
    std::int64_t seen = 0;
    for (std::size_t bucket = 0; bucket < statistics.by_duration.size(); ++bucket) {
        seen += statistics.by_duration[bucket];
        if (seen > wanted || seen == statistics.calls) {
            return std::min(std::int64_t{1} << bucket, statistics.ms_max);
        }
    }
    return statistics.ms_max;
}

}  // namespace plumb::capture
