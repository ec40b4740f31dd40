// SPDX-License-Identifier: GPL-3.0-or-later
// Aggregation stages: each takes documents from the one before and gives documents to the next.
// They know no storage: the first one's source, and $lookup's other collections, are handed in.
//
// A document that next() gives is valid until the stage's next call.
//
// Threads  a pipeline is used by one thread at a time.
#pragma once

#include "base/interrupt.h"
#include "base/limits.h"
#include "base/result.h"
#include "bson/document.h"
#include "engine/query/expression.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::query {

// Where documents come from: a plan, another stage, a list in a test.
class DocumentSource {
  public:
    virtual ~DocumentSource() = default;
    // The next document, valid until the next call; nothing at the end.
    [[nodiscard]] virtual Result<std::optional<bson::View>> next() = 0;
    // Lets go of pages and snapshot between two batches of a cursor, and takes them up again.
    virtual void save() {}
    [[nodiscard]] virtual Status restore() { return {}; }
};

// A pipeline on another collection that runs many times.
class PreparedPipeline {
  public:
    virtual ~PreparedPipeline() = default;
    // Runs it with the values that the bound variables have now. The source of the run before is no
    // longer used.
    [[nodiscard]] virtual Result<std::unique_ptr<DocumentSource>> open() = 0;
};

// What stages may ask of the world outside the pipeline. Implemented by exec.
class PipelineHost {
  public:
    virtual ~PipelineHost() = default;
    // Documents of `ns` that match `filter`, by its best plan ($lookup, $graphLookup, $unionWith).
    [[nodiscard]] virtual Result<std::unique_ptr<DocumentSource>> open_find(std::string_view ns,
                                                                            bson::View filter) = 0;
    // True if an index of `ns` begins with `field` and holds every document, so that looking single
    // values up costs little. $lookup reads the collection once into memory otherwise.
    [[nodiscard]] virtual bool has_index_on(std::string_view ns, std::string_view field) {
        static_cast<void>(ns);
        static_cast<void>(field);
        return true;
    }
    // A pipeline on `ns`, once ($unionWith).
    [[nodiscard]] virtual Result<std::unique_ptr<DocumentSource>> open_pipeline(
        std::string_view ns,
        const std::vector<bson::Document>& stages,
        const ExpressionContext& context) = 0;
    // The same for many runs ($lookup's second form): what `context.bound` points at changes
    // between them. The host outlives what it gives.
    [[nodiscard]] virtual Result<std::unique_ptr<PreparedPipeline>> prepare_pipeline(
        std::string_view ns,
        const std::vector<bson::Document>& stages,
        const ExpressionContext& context) = 0;
    // Replaces a collection's contents by what `source` gives ($out): all or nothing.
    [[nodiscard]] virtual Status replace_collection(std::string_view ns,
                                                    DocumentSource& source) = 0;
    // Inserts, replaces or merges one document ($merge). `on` are the identifying fields.
    struct MergeRequest {
        std::string ns;
        std::vector<std::string> on;
        std::string when_matched;      // replace, keepExisting, merge, fail, pipeline
        std::string when_not_matched;  // insert, discard, fail
        std::vector<bson::Document> pipeline;
        ExpressionContext context;  // of `pipeline`: $$new is the incoming document
    };
    // Asked once before the first document, whose `context` is still empty.
    //   errors  51183 if no unique index is on just the fields `on`
    [[nodiscard]] virtual Status check_merge(const MergeRequest& request) {
        static_cast<void>(request);
        return {};
    }
    [[nodiscard]] virtual Status merge(const MergeRequest& request, bson::View document) = 0;
    // Rows of a source stage that reports on the server ($indexStats, $collStats, $currentOp …).
    [[nodiscard]] virtual Result<std::vector<bson::Document>> report(std::string_view stage,
                                                                     bson::View options) = 0;
    // A folder for files of sorting and grouping that exceed their memory; removed by the user.
    [[nodiscard]] virtual std::string spill_folder() = 0;
};

// What all stages of one pipeline share.
struct PipelineContext {
    std::string ns;  // "shop.orders"
    ExpressionContext expressions;
    PipelineHost* host = nullptr;    // not owned; outlives the pipeline. Null in pure tests.
    Interrupt* interrupt = nullptr;  // not owned
    bool allow_disk_use = false;
    std::int64_t memory_bytes = kStageMemoryBytes;
};

class Stage : public DocumentSource {
  public:
    // requires: before the first next()
    virtual void set_source(DocumentSource& source) = 0;
    // {$match: {…}} as explain prints it.
    virtual void append_explain(bson::Builder& out) const = 0;
    // Adds what this stage reads; returns false if it passes the input document on unchanged or in
    // part, so that what later stages read counts too; true if what comes out is made new.
    virtual bool add_dependencies(Dependencies& out) const = 0;
    // Forgets the run before, so that the stage can run again, over a source set anew.
    virtual void restart() = 0;
};

// A parsed pipeline, not yet connected to a source.
struct Pipeline {
    std::vector<std::unique_ptr<Stage>> stages;
};

// `context` outlives the pipeline.
//   errors  as MongoDB 4.2 by code: 40324 for an unknown stage, 40323 for a stage of two fields …
[[nodiscard]] Result<Pipeline> parse_pipeline(const std::vector<bson::View>& stages,
                                              PipelineContext& context);
[[nodiscard]] Result<Pipeline> parse_pipeline(const std::vector<bson::Document>& stages,
                                              PipelineContext& context);

// Connects the stages to a source, which outlives them, and to each other. What gives the
// pipeline's documents: its last stage, or the source itself if it has none.
[[nodiscard]] DocumentSource& connect(Pipeline& pipeline, DocumentSource& source);

// What is known of a stage by its name alone.
struct StageTraits {
    bool is_source = false;  // gives documents of its own: must be first
    bool writes = false;     // $out, $merge: must be last
    bool allowed_in_facet = true;
    bool allowed_in_update = false;  // update pipelines know $set, $unset, $project, $replaceRoot
};
// Nothing for a name that is no stage, `$` included.
[[nodiscard]] std::optional<StageTraits> stage_traits(std::string_view name);

// What the front of a pipeline hands to the planner; the stages that it covers are removed.
struct PushDown {
    bson::Document filter;                     // of leading $match stages
    std::optional<bson::Document> sort;        // of a following $sort
    std::optional<std::int64_t> limit;         // of a $limit right behind that sort
    std::optional<bson::Document> projection;  // inclusion of just the fields the rest reads
    bool needs_no_fields = false;              // the rest only counts documents
};
// `context` has the variables that the pipeline may name. The sort is one of aggregation: where no
// index gives it, a missing field sorts as MissingAs::Undefined.
[[nodiscard]] PushDown push_down(std::vector<bson::Document>& stages,
                                 const ExpressionContext& context = {});

}  // namespace plumb::query
