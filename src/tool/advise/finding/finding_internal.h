// SPDX-License-Identifier: GPL-3.0-or-later
// The functions that the table of findings names, each in the file of its code, and what several of
// them use.
//
// Threads  pure functions.
#pragma once

#include "tool/advise/findings.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::advise {

void find_array_growth(const FindingContext& context, std::vector<Finding>& out);
void find_low_selectivity(const FindingContext& context, std::vector<Finding>& out);
void find_missing_index(const FindingContext& context, std::vector<Finding>& out);
void find_multikey_surprise(const FindingContext& context, std::vector<Finding>& out);
void find_negation_scan(const FindingContext& context, std::vector<Finding>& out);
void find_never_matches(const FindingContext& context, std::vector<Finding>& out);
void find_over_fetching(const FindingContext& context, std::vector<Finding>& out);
void find_range_before_sort(const FindingContext& context, std::vector<Finding>& out);
void find_sort_in_memory(const FindingContext& context, std::vector<Finding>& out);
void find_ttl_on_non_date(const FindingContext& context, std::vector<Finding>& out);
void find_unbounded_regex(const FindingContext& context, std::vector<Finding>& out);
void find_unindexed_update(const FindingContext& context, std::vector<Finding>& out);
void find_unlimited_query(const FindingContext& context, std::vector<Finding>& out);
void find_write_amplification(const FindingContext& context, std::vector<Finding>& out);

Status further_index_larger_than_memory(const FurtherContext& context, std::vector<Finding>& out);
Status further_low_selectivity(const FurtherContext& context, std::vector<Finding>& out);
Status further_multikey_surprise(const FurtherContext& context, std::vector<Finding>& out);
Status further_prefix_kept(const FurtherContext& context, std::vector<Finding>& out);
Status further_redundant_index(const FurtherContext& context, std::vector<Finding>& out);
Status further_ttl_on_non_date(const FurtherContext& context, std::vector<Finding>& out);
Status further_unique_will_fail(const FurtherContext& context, std::vector<Finding>& out);
Status further_unused_index(const FurtherContext& context, std::vector<Finding>& out);

// Calls `see` for each query of the collection with its model and what was forecast for it.
void for_each_query(const FindingContext& context,
                    const std::function<void(const QueryModel&, const QueryAdvice&)>& see);

// A value of a field with how many sampled documents have it.
struct FieldValue {
    bson::Value value;  // Missing: the field is not there
    std::size_t documents = 0;
};

// The values of a field that has few different ones, so that a sample holds all that matter, most
// frequent first; nothing for a field with many. Elements of arrays count as values.
[[nodiscard]] std::optional<std::vector<FieldValue>> few_values(const CollectionSample& sample,
                                                                const std::string& path);

// "missing", or Extended JSON.
[[nodiscard]] std::string value_text(bson::ValueView value);
// The first few, as people read them.
[[nodiscard]] std::string values_shown(const std::vector<FieldValue>& values);

// One predicate of a shape's filter, those in the branches of an $or included.
struct Predicate {
    std::string path;
    std::string kind;  // as capture::Shape has them: "=", ">", "not in few" …
};

// Those of the filter, or of the first $match of a pipeline.
[[nodiscard]] std::vector<Predicate> predicates_of(const capture::Shape& shape);

// True if a pipeline makes few results of many documents: then many read is no sign of waste.
[[nodiscard]] bool reduces(const capture::Shape& shape);

// The filter of an instance: of a find, a count, a statement, or the first $match of a pipeline.
[[nodiscard]] bson::View filter_of(bson::View instance);

// Bytes of a document of the collection, on average.
[[nodiscard]] double document_bytes(const CollectionSample& sample);

// "db.orders.createIndex({ id: 1 })" for an index as Candidate::text() has it.
[[nodiscard]] std::string create_text(std::string_view collection, std::string_view index);
// For a query that several indexes serve ("{ a: 1 } | { b: 1 }"), one after the other.
[[nodiscard]] std::string create_all_text(std::string_view collection, std::string_view indexes);

// A scan of fewer documents than this is nothing to worry about.
inline constexpr double kWorthAnIndex = 1000;

}  // namespace plumb::advise
