// SPDX-License-Identifier: GPL-3.0-or-later
// The functions behind the table of stages, each in the file of its stage.
//
// Source   MongoDB manual, "Aggregation Pipeline Stages"
#pragma once

#include "engine/query/stages/stage_parser.h"

namespace plumb::query {

[[nodiscard]] Status parse_add_fields_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_bucket_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_bucket_auto_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_change_stream_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_count_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_facet_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_geo_near_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_graph_lookup_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_group_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_limit_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_lookup_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_match_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_merge_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_out_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_project_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_redact_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_replace_root_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_replace_with_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_report_coll_stats_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_report_current_op_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_report_index_stats_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_report_list_local_sessions_stage(bson::ValueView spec,
                                                            StageParser& parser);
[[nodiscard]] Status parse_report_list_sessions_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_report_plan_cache_stats_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_sample_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_set_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_skip_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_sort_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_sort_by_count_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_union_with_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_unset_stage(bson::ValueView spec, StageParser& parser);
[[nodiscard]] Status parse_unwind_stage(bson::ValueView spec, StageParser& parser);

}  // namespace plumb::query
