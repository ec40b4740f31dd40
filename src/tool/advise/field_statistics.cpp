// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/field_statistics.h"

#include "bson/builder.h"
#include "bson/compare.h"
#include "bson/hash.h"
#include "bson/path.h"
#include "bson/type.h"
#include "tool/advise/hyperloglog.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace plumb::advise {
namespace {

struct Run {
    bson::ValueView value;
    std::size_t count = 0;
};

std::vector<Run> runs_of(const Column& column) {
    std::vector<Run> out;
    for (const ColumnValue& each : column.values) {
        if (out.empty() || !bson::equal(out.back().value, each.value)) {
            out.push_back({each.value, 0});
        }
        ++out.back().count;
    }
    return out;
}

void count_types(const Column& column, FieldStatistics& out) {
    std::map<std::string_view, std::size_t> counts;
    for (const ColumnValue& each : column.values) {
        ++counts[bson::type_name(each.value.type())];
    }
    for (const auto& [name, count] : counts) {
        out.types.emplace_back(
            std::string{name},
            static_cast<double>(count) / static_cast<double>(column.values.size()));
    }
    std::ranges::stable_sort(out.types,
                             [](const auto& a, const auto& b) { return a.second > b.second; });
}

void count_values(const Column& column, const CollectionSample& sample, FieldStatistics& out) {
    HyperLogLog distinct;
    for (const ColumnValue& each : column.values) {
        distinct.add(bson::hash_value(each.value));
    }
    out.distinct_in_sample = column.values.empty() ? 0 : distinct.estimate();
    std::vector<Run> runs = runs_of(column);
    const auto once = static_cast<double>(
        std::ranges::count_if(runs, [](const Run& run) { return run.count == 1; }));
    const double scale = std::sqrt(std::max(1.0, sample.weight()));
    out.distinct = static_cast<double>(runs.size()) - once + once * scale;
    if (once > 0 && once >= static_cast<double>(column.values.size()) * 0.99) {
        // No value twice: a key.
        out.distinct = static_cast<double>(column.values.size()) * std::max(1.0, sample.weight());
    }
    std::ranges::stable_sort(runs, std::ranges::greater{}, &Run::count);
    const auto rows = static_cast<double>(sample.rows.size());
    out.top_share = runs.empty() ? 0 : static_cast<double>(runs[0].count) / rows;
    if (runs.size() > kEnumerationMax || runs.size() * kRowsOfValue > sample.rows.size()) {
        return;
    }
    for (std::size_t at = 0; at < std::min(runs.size(), kTopValues); ++at) {
        const double share = static_cast<double>(runs[at].count) / rows;
        if (share >= kTopShareMin) {
            out.top.emplace_back(bson::Value{runs[at].value}, share);
        }
    }
}

void measure_arrays(const CollectionSample& sample, FieldStatistics& out) {
    const bson::Path path{out.path};
    std::size_t arrays = 0;
    double total = 0;
    for (const bson::Document& row : sample.rows) {
        const bson::ValueView value = bson::find_plain(row, path);
        if (value.type() != bson::Type::Array) {
            continue;
        }
        const std::size_t length = value.as_container().count();
        out.array_min = arrays == 0 ? length : std::min(out.array_min, length);
        out.array_max = std::max(out.array_max, length);
        total += static_cast<double>(length);
        ++arrays;
    }
    out.array_mean = arrays > 0 ? total / static_cast<double>(arrays) : 0;
}

}  // namespace

FieldStatistics describe_field(Columns& columns, const std::string& path) {
    FieldStatistics out;
    out.path = path;
    const CollectionSample& sample = columns.sample();
    if (sample.rows.empty()) {
        return out;
    }
    const Column& column = columns.column(path);
    const auto missing = std::ranges::count(column.ranks, Column::kNowhere);
    out.present = 1 - static_cast<double>(missing) / static_cast<double>(sample.rows.size());
    if (!column.values.empty()) {
        count_types(column, out);
        count_values(column, sample, out);
    }
    if (column.has_arrays) {
        measure_arrays(sample, out);
    }
    return out;
}

FieldStatistics describe_field(const CollectionSample& sample, const std::string& path) {
    Columns columns{sample};
    return describe_field(columns, path);
}

bson::Document to_document(const FieldStatistics& field) {
    bson::Builder out;
    out.append("path", field.path);
    out.append("present", field.present);
    out.begin_document("types");
    for (const auto& [name, share] : field.types) {
        out.append(name, share);
    }
    out.end();
    out.append("distinct_in_sample", field.distinct_in_sample);
    out.append("distinct", field.distinct);
    out.append("top_share", field.top_share);
    out.begin_array("top");
    for (const auto& [value, share] : field.top) {
        out.push_document();
        out.append("value", value.view());
        out.append("share", share);
        out.end();
    }
    out.end();
    if (field.array_max > 0) {
        out.begin_document("array_lengths");
        out.append("min", static_cast<std::int64_t>(field.array_min));
        out.append("mean", field.array_mean);
        out.append("max", static_cast<std::int64_t>(field.array_max));
        out.end();
    }
    return out.finish();
}

}  // namespace plumb::advise
