// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/language.h"
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

constexpr auto kStages = std::to_array<StageRow>({
    {"$addFields", parse_add_fields_stage, kInUpdate, "Adds or replaces fields."},
    {"$bucket", parse_bucket_stage, kPlain, "Groups by ranges of a value."},
    {"$bucketAuto",
     parse_bucket_auto_stage,
     kPlain,
     "Groups by ranges of about the same number of documents."},
    {"$changeStream",
     parse_change_stream_stage,
     kSource,
     "Follows the changes of a collection.",
     {},
     "plumbd is no replica set"},
    {"$collStats",
     parse_report_coll_stats_stage,
     kSource,
     "Sizes, counts and latencies of the collection."},
    {"$count", parse_count_stage, kPlain, "The number of documents."},
    {"$currentOp", parse_report_current_op_stage, kSource, "The running operations."},
    {"$facet", parse_facet_stage, kNotInFacet, "Several pipelines over the same documents."},
    {"$geoNear",
     parse_geo_near_stage,
     kSource,
     "Documents by their distance from a point.",
     {},
     "plumbd has no geospatial indexes"},
    {"$graphLookup",
     parse_graph_lookup_stage,
     kPlain,
     "Follows references from document to document."},
    {"$group",
     parse_group_stage,
     kPlain,
     "One document for each value, with accumulated fields.",
     "groups come in the order in which they were first seen"},
    {"$indexStats", parse_report_index_stats_stage, kSource, "How often each index was used."},
    {"$limit", parse_limit_stage, kPlain, "The first so many documents."},
    {"$listLocalSessions",
     parse_report_list_local_sessions_stage,
     kSource,
     "The sessions that this server knows."},
    {"$listSessions", parse_report_list_sessions_stage, kSource, "The sessions of the deployment."},
    {"$lookup",
     parse_lookup_stage,
     kPlain,
     "Documents of another collection that belong to each, by equality or by a pipeline.",
     "without an index on the foreign field the other collection is read once, into a table in "
     "memory"},
    {"$match", parse_match_stage, kPlain, "The documents that a filter matches."},
    {"$merge", parse_merge_stage, kWrites, "Writes the documents into a collection, one by one."},
    {"$out", parse_out_stage, kWrites, "Puts the documents in the place of a collection."},
    {"$planCacheStats",
     parse_report_plan_cache_stats_stage,
     kSource,
     "The plans that are remembered."},
    {"$project", parse_project_stage, kInUpdate, "Shows, hides and computes fields."},
    {"$redact", parse_redact_stage, kPlain, "Leaves out documents and sub-documents by a rule."},
    {"$replaceRoot",
     parse_replace_root_stage,
     kInUpdate,
     "Puts a document made of each in its place."},
    {"$replaceWith",
     parse_replace_with_stage,
     kInUpdate,
     "The same as $replaceRoot, written shorter."},
    {"$sample", parse_sample_stage, kPlain, "So many documents by chance.", "reads all documents"},
    {"$set", parse_set_stage, kInUpdate, "The same as $addFields."},
    {"$skip", parse_skip_stage, kPlain, "All but the first so many documents."},
    {"$sort", parse_sort_stage, kPlain, "The documents in order."},
    {"$sortByCount",
     parse_sort_by_count_stage,
     kPlain,
     "Groups by a value, the most frequent first.",
     "of equal counts, the value seen first comes first"},
    {"$unionWith",
     parse_union_with_stage,
     kPlain,
     "Adds the documents of another collection.",
     "4.4"},
    {"$unset", parse_unset_stage, kInUpdate, "Removes fields."},
    {"$unwind", parse_unwind_stage, kPlain, "A document for each element of an array."},
});

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

std::vector<LanguageEntry> stage_entries() {
    return entries_of(kStages);
}

}  // namespace plumb::query
