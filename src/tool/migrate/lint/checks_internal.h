// SPDX-License-Identifier: GPL-3.0-or-later
// The checks, one file each. For this folder.
#pragma once

#include "tool/migrate/lint/context.h"

namespace plumb::migrate::lint {

[[nodiscard]] FoundList check_build_cost(const Context& context);
[[nodiscard]] FoundList check_conflict(const Context& context);
[[nodiscard]] FoundList check_down_loses_data(const Context& context);
[[nodiscard]] FoundList check_drops_needed_index(const Context& context);
[[nodiscard]] FoundList check_duplicate_number(const Context& context);
[[nodiscard]] FoundList check_edited_file(const Context& context);
[[nodiscard]] FoundList check_field_not_found(const Context& context);
[[nodiscard]] FoundList check_invalid_file(const Context& context);
[[nodiscard]] FoundList check_key_too_long(const Context& context);
[[nodiscard]] FoundList check_late_number(const Context& context);
[[nodiscard]] FoundList check_missing_purpose(const Context& context);
[[nodiscard]] FoundList check_name_too_long(const Context& context);
[[nodiscard]] FoundList check_number_gap(const Context& context);
[[nodiscard]] FoundList check_parallel_arrays(const Context& context);
[[nodiscard]] FoundList check_partial_unused(const Context& context);
[[nodiscard]] FoundList check_redundant_existing(const Context& context);
[[nodiscard]] FoundList check_redundant_new(const Context& context);
[[nodiscard]] FoundList check_supersedes_existing(const Context& context);
[[nodiscard]] FoundList check_too_many_indexes(const Context& context);
[[nodiscard]] FoundList check_ttl_not_a_date(const Context& context);
[[nodiscard]] FoundList check_unindexed_filter(const Context& context);
[[nodiscard]] FoundList check_unique_duplicates(const Context& context);
[[nodiscard]] FoundList check_unique_without_shard_key(const Context& context);
[[nodiscard]] FoundList check_unknown_allow(const Context& context);
[[nodiscard]] FoundList check_unknown_collection(const Context& context);

}  // namespace plumb::migrate::lint
