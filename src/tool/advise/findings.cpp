// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/findings.h"

#include "tool/advise/finding/finding_internal.h"

#include <algorithm>
#include <array>

namespace plumb::advise {
namespace {

constexpr auto kTable = std::to_array<FindingRow>({
    {"array_growth",
     "an array that nothing bounds, or whose longest is far from the usual one",
     find_array_growth,
     nullptr},
    {"build_failed",
     "an advised index could not be built on the copy or the sample",
     nullptr,
     nullptr},
    {"index_larger_than_memory",
     "an index that does not fit into the server's cache",
     nullptr,
     further_index_larger_than_memory},
    {"low_selectivity",
     "a query that matches, or an index whose commonest key is in, much of a collection",
     find_low_selectivity,
     further_low_selectivity},
    {"missing_index",
     "a query scans and an index would spare most of it",
     find_missing_index,
     nullptr},
    {"multikey_surprise",
     "an index over an array that bounds, sorts or covers less than it seems to",
     find_multikey_surprise,
     further_multikey_surprise},
    {"near_equal_plans",
     "two candidate plans tie after the change: the plan cache may flip",
     nullptr,
     nullptr},
    {"negation_scan",
     "a condition that says what a value is not reads nearly all",
     find_negation_scan,
     nullptr},
    {"never_matches",
     "a constant that no document has, with the value that was meant",
     find_never_matches,
     nullptr},
    {"not_chosen",
     "the planner takes another index than the one that is there for the query",
     nullptr,
     nullptr},
    {"over_fetching",
     "whole documents are sent where a projection would do",
     find_over_fetching,
     nullptr},
    {"prefix_kept",
     "an index that begins another one and stays, with the reason",
     nullptr,
     further_prefix_kept},
    {"range_before_sort",
     "an index has a range before the sort's field, so results are sorted in memory",
     find_range_before_sort,
     nullptr},
    {"redundant_index",
     "an index that another one serves as well, options considered",
     nullptr,
     further_redundant_index},
    {"slower_query",
     "a query examines more, or sorts in memory, after the change",
     nullptr,
     nullptr},
    {"sort_in_memory", "a query's result is sorted in memory", find_sort_in_memory, nullptr},
    {"ttl_on_non_date",
     "a TTL index on a field that holds no dates deletes nothing",
     find_ttl_on_non_date,
     further_ttl_on_non_date},
    {"unbounded_regex",
     "a pattern without a fixed beginning reads a whole index or collection",
     find_unbounded_regex,
     nullptr},
    {"unindexed_update", "a write looks its document up by a scan", find_unindexed_update, nullptr},
    {"unique_will_fail",
     "a declared unique index that the data does not allow",
     nullptr,
     further_unique_will_fail},
    {"unlimited_query",
     "a query without a limit returns very many documents",
     find_unlimited_query,
     nullptr},
    {"unused_index",
     "an index that no member used, with the age of the counters",
     nullptr,
     further_unused_index},
    {"winner_changed",
     "another index serves a query after the change, without a gain",
     nullptr,
     nullptr},
    {"write_amplification",
     "an update that changes several indexes at each call",
     find_write_amplification,
     nullptr},
});
static_assert(std::ranges::is_sorted(kTable, {}, &FindingRow::code));

}  // namespace

std::span<const FindingRow> finding_table() {
    return kTable;
}

void find_in_collection(const FindingContext& context, std::vector<Finding>& out) {
    for (const FindingRow& row : kTable) {
        if (row.find != nullptr) {
            row.find(context, out);
        }
    }
}

}  // namespace plumb::advise
