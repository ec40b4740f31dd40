// SPDX-License-Identifier: GPL-3.0-or-later
// The advice as a whole: which indexes to have, what each query is expected to examine with and
// without them, and what else an honest look finds.
//
//   PLUMB_TRY(advice, advise(client, "shop", asked, options, interrupt));
//
// Threads  one thread.
#pragma once

#include "base/interrupt.h"
#include "base/result.h"
#include "client/client.h"
#include "project/strategy.h"
#include "tool/advise/comparison.h"
#include "tool/advise/cost.h"
#include "tool/advise/field_statistics.h"
#include "tool/advise/query_explanation.h"
#include "tool/advise/sample.h"
#include "tool/advise/selection.h"
#include "tool/capture/shape_table.h"
#include "tool/workload/workload.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::advise {

// One query as the advice is asked about it, from whichever source.
struct AskedQuery {
    std::string label;  // "Q5", "D1.3" for the third command of D1, or the shape's id
    std::string title;  // what people call it; may be empty
    capture::Shape shape;
    double calls_a_minute = 0;
    bool critical = false;
    std::vector<bson::Document> instances;  // empty: made from the sample
    // The statement with its placeholders, {{…}}, where it is declared: what stands there without
    // one is the same in every call.
    std::optional<bson::Document> declared;
    bool inner = false;  // made by a $lookup, see lookup_queries.h
};

// The queries of a declared workload, each with instances drawn from the database.
//   errors  NamespaceNotFound …: those of drawing
[[nodiscard]] Result<std::vector<AskedQuery>> asked_by_workload(client::Client& client,
                                                                const std::string& database,
                                                                const workload::Workload& workload);

// The shapes of a table; calls count as calls a minute where a source knows no time.
[[nodiscard]] std::vector<AskedQuery> asked_by_shapes(const capture::ShapeTable& table,
                                                      std::string_view database);

struct AdviceOptions {
    SampleOptions sample;
    SelectionLimits limits;
    CostWeights weights;
    std::size_t instances = 24;            // of each query; fewer where there are very many queries
    std::optional<std::size_t> total_max;  // indexes of all collections together, _id_ not counted
    // A strategy to compare with, and up to which priority its indexes count; 0: all.
    std::optional<project::Strategy> against;
    int against_priority = 0;
    std::string explain;  // the label of a query that is to be shown in full
    std::function<void(const std::string& collection)> on_collection;
};

struct IndexAdvice {
    enum class What : std::uint8_t { Add, Keep, Drop };
    What what = What::Add;
    std::string collection;
    std::string name;
    Candidate candidate;
    std::vector<std::string> serves;  // labels of the queries whose best index it is
    double gain_us = 0;               // a minute: what the workload costs more without it
    double gain_share = 0;            // the same as a share of the workload's cost before
    double upkeep_us = 0;             // a minute
    double build_us = 0;              // once, on this engine
    // Documents that a call of the queries it serves examines, on average over their calls.
    double docs_before = 0;
    double docs_after = 0;
    int priority = 1;
    std::string why;
};

struct QueryAdvice {
    AskedQuery asked;
    Access before;  // with the indexes that are there
    Access after;
    std::string index_before;  // "scan" or the key
    std::string index_after;
};

enum class Severity : std::uint8_t { Info, Warning, Problem };

struct Finding {
    std::string code;  // "missing_index"
    Severity severity = Severity::Warning;
    std::string collection;
    std::string about;     // an index or a query
    std::string text;      // one sentence
    std::string evidence;  // the figures it rests on
    std::string fix;       // a command, or what to do
};

struct Advice {
    std::vector<IndexAdvice> indexes;  // by collection; what to add first, by gain
    std::vector<QueryAdvice> queries;
    std::vector<Finding> findings;
    double cost_before_us = 0;  // of the workload, a minute
    double cost_after_us = 0;
    double writes_us = 0;  // what the workload's writes cost a minute without any index
    std::map<std::string, CollectionSample> samples;
    // Of the fields that the queries ask about, by collection.
    std::map<std::string, std::vector<FieldStatistics>> statistics;
    std::optional<Comparison> comparison;
    std::optional<QueryExplanation> explanation;
};

//   errors  what the server says; Interrupted; BadValue if nothing is asked, or if no query has the
//           label that is to be explained
[[nodiscard]] Result<Advice> advise(client::Client& client,
                                    const std::string& database,
                                    const std::vector<AskedQuery>& asked,
                                    const AdviceOptions& options,
                                    Interrupt& interrupt);

}  // namespace plumb::advise
