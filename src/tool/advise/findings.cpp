// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/findings.h"

#include "tool/advise/findings_internal.h"

#include <algorithm>
#include <array>

namespace plumb::advise {
namespace {

constexpr auto kTable = std::to_array<FindingRow>({
    {"low_selectivity",
     "a query matches so much of a collection that no index makes it fast",
     find_low_selectivity},
    {"missing_index", "a query scans and an index would spare most of it", find_missing_index},
    {"never_matches", "a constant that no document of the sample has", find_never_matches},
    {"range_before_sort",
     "an index has a range field before the sort's, so results are sorted in memory",
     find_range_before_sort},
    {"redundant_index", "an index that another one serves as well", find_redundant_index},
    {"sort_in_memory", "a query's result is sorted in memory", find_sort_in_memory},
    {"unbounded_regex",
     "a pattern without a fixed beginning reads a whole index or collection",
     find_unbounded_regex},
    {"unindexed_update", "a write looks its document up by a scan", find_unindexed_update},
    {"unlimited_query",
     "a query without a limit returns a large part of a large collection",
     find_unlimited_query},
    {"unused_index", "an index that the server says nobody used", find_unused_index},
    {"write_amplification",
     "a frequent update that changes several indexes",
     find_write_amplification},
});
static_assert(std::ranges::is_sorted(kTable, {}, &FindingRow::code));

}  // namespace

std::span<const FindingRow> finding_table() {
    return kTable;
}

void find_in_collection(const FindingContext& context, std::vector<Finding>& out) {
    for (const FindingRow& row : kTable) {
        row.find(context, out);
    }
}

}  // namespace plumb::advise
