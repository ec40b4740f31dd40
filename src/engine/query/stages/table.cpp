// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/stages/stages.h"

#include <algorithm>
#include <array>

namespace plumb::query {

namespace {

constexpr StageTraits kPlain{};
constexpr StageTraits kSource{.is_source = true, .allowed_in_facet = false};
constexpr StageTraits kWrites{.writes = true, .allowed_in_facet = false};
constexpr StageTraits kNotInFacet{.allowed_in_facet = false};
constexpr StageTraits kInUpdate{.allowed_in_update = true};

// clang-format off
constexpr auto kStages = std::to_array<StageRow>({
    {"$addFields", parse_add_fields_stage, kInUpdate},
    {"$bucket", parse_bucket_stage, kPlain},
    {"$bucketAuto", parse_bucket_auto_stage, kPlain},
    {"$changeStream", parse_change_stream_stage, kSource},
    {"$collStats", parse_report_coll_stats_stage, kSource},
    {"$count", parse_count_stage, kPlain},
    {"$currentOp", parse_report_current_op_stage, kSource},
    {"$facet", parse_facet_stage, kNotInFacet},
    {"$geoNear", parse_geo_near_stage, kSource},
    {"$graphLookup", parse_graph_lookup_stage, kPlain},
    {"$group", parse_group_stage, kPlain},
    {"$indexStats", parse_report_index_stats_stage, kSource},
    {"$limit", parse_limit_stage, kPlain},
    {"$listLocalSessions", parse_report_list_local_sessions_stage, kSource},
    {"$listSessions", parse_report_list_sessions_stage, kSource},
    {"$lookup", parse_lookup_stage, kPlain},
    {"$match", parse_match_stage, kPlain},
    {"$merge", parse_merge_stage, kWrites},
    {"$out", parse_out_stage, kWrites},
    {"$planCacheStats", parse_report_plan_cache_stats_stage, kSource},
    {"$project", parse_project_stage, kInUpdate},
    {"$redact", parse_redact_stage, kPlain},
    {"$replaceRoot", parse_replace_root_stage, kInUpdate},
    {"$replaceWith", parse_replace_with_stage, kInUpdate},
    {"$sample", parse_sample_stage, kPlain},
    {"$set", parse_set_stage, kInUpdate},
    {"$skip", parse_skip_stage, kPlain},
    {"$sort", parse_sort_stage, kPlain},
    {"$sortByCount", parse_sort_by_count_stage, kPlain},
    {"$unionWith", parse_union_with_stage, kPlain},
    {"$unset", parse_unset_stage, kInUpdate},
    {"$unwind", parse_unwind_stage, kPlain},
});
// clang-format on

constexpr bool by_name(const StageRow& a, const StageRow& b) {
    return a.name < b.name;
}

static_assert(std::is_sorted(kStages.begin(), kStages.end(), by_name));

}  // namespace

const StageRow* find_stage(std::string_view name) {
    const auto* const found = std::lower_bound(
        kStages.begin(), kStages.end(), name, [](const StageRow& row, std::string_view wanted) {
            return row.name < wanted;
        });
    return found != kStages.end() && found->name == name ? found : nullptr;
}

}  // namespace plumb::query
