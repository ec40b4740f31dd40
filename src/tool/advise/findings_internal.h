// SPDX-License-Identifier: GPL-3.0-or-later
// The functions that the table of findings names, each in the file of its code.
//
// Threads  pure functions.
#pragma once

#include "tool/advise/findings.h"

#include <functional>
#include <string>

namespace plumb::advise {

void find_low_selectivity(const FindingContext& context, std::vector<Finding>& out);
void find_missing_index(const FindingContext& context, std::vector<Finding>& out);
void find_never_matches(const FindingContext& context, std::vector<Finding>& out);
void find_range_before_sort(const FindingContext& context, std::vector<Finding>& out);
void find_redundant_index(const FindingContext& context, std::vector<Finding>& out);
void find_sort_in_memory(const FindingContext& context, std::vector<Finding>& out);
void find_unbounded_regex(const FindingContext& context, std::vector<Finding>& out);
void find_unindexed_update(const FindingContext& context, std::vector<Finding>& out);
void find_unlimited_query(const FindingContext& context, std::vector<Finding>& out);
void find_unused_index(const FindingContext& context, std::vector<Finding>& out);
void find_write_amplification(const FindingContext& context, std::vector<Finding>& out);

// Calls `see` for each query of the collection with its model and what was forecast for it.
void for_each_query(const FindingContext& context,
                    const std::function<void(const QueryModel&, const QueryAdvice&)>& see);

// Whether a field has few different values, so that a sample holds all of them; and these, most
// frequent first, as people read them.
[[nodiscard]] bool has_few_values(const FindingContext& context, const std::string& path);
[[nodiscard]] std::string values_shown(const FindingContext& context, const std::string& path);

// A scan of fewer documents than this is nothing to worry about.
inline constexpr double kWorthAnIndex = 1000;

}  // namespace plumb::advise
