// SPDX-License-Identifier: GPL-3.0-or-later
// What a field of a collection holds, from the sample: what an estimate of a query rests on.
//
// Threads  one thread (the columns remember).
#pragma once

#include "bson/document.h"
#include "tool/advise/columns.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace plumb::advise {

struct FieldStatistics {
    std::string path;
    double present = 0;  // share of the documents that have it and not null
    std::vector<std::pair<std::string, double>> types;  // name and share of the values, most first
    double distinct_in_sample = 0;                      // HyperLogLog's
    // In the whole collection: values seen once stand for the unseen ones (Haas and others, GEE).
    double distinct = 0;
    // The most frequent values, with the share of the documents that have them. Only of fields that
    // are enumerations: values of the others may say who somebody is.
    std::vector<std::pair<bson::Value, double>> top;
    double top_share = 0;  // of the most frequent value, of any field
    // Lengths of the array at the path itself; max 0: there is none.
    std::size_t array_min = 0;
    double array_mean = 0;
    std::size_t array_max = 0;
};

// How many of the most frequent values are kept, of fields with at most so many different ones,
// each of at least this share.
inline constexpr std::size_t kTopValues = 5;
inline constexpr std::size_t kEnumerationMax = 100;
inline constexpr std::size_t kRowsOfValue = 5;  // sampled documents to each value, at least
inline constexpr double kTopShareMin = 0.01;

[[nodiscard]] FieldStatistics describe_field(Columns& columns, const std::string& path);
[[nodiscard]] FieldStatistics describe_field(const CollectionSample& sample,
                                             const std::string& path);

[[nodiscard]] bson::Document to_document(const FieldStatistics& field);

}  // namespace plumb::advise
