// SPDX-License-Identifier: GPL-3.0-or-later
// A running pipeline: a plan at its front, stages on top.
//
// Threads  as exec/find.h
#pragma once

#include "engine/exec/find.h"
#include "engine/exec/pipeline_host.h"
#include "engine/exec/plan_cursor.h"
#include "engine/query/stage.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace plumb::exec {

// A pipeline as it is asked for, on a collection or view.
struct PipelineRequest {
    std::string ns;
    std::vector<bson::Document> stages;
    query::ExpressionContext expressions;
    bson::Value hint;
    bool allow_disk_use = false;
};

// What the plan does of a pipeline, and what is left to the stages.
struct PipelineSplit {
    std::string ns;                       // the collection that is read
    query::PushDown front;                // sort only where an index gives it
    std::optional<std::string> distinct;  // the field of a $group that a DISTINCT_SCAN serves
    std::vector<bson::Document> rest;     // without the limit of `front`
    bool reads_collection = false;        // false: the first stage is a source
};

class PipelineCursor final : public QueryCursor {
  public:
    [[nodiscard]] static Result<std::unique_ptr<PipelineCursor>> open(Operation& operation,
                                                                      PipelineRequest request);

    // Binds a closed pipeline to the operation that opens it again.
    void bind(Operation& operation);
    // Runs the pipeline again from its beginning, for the operation that is bound, with the values
    // that its bound variables have now. Only the plan is made anew.
    [[nodiscard]] Status reopen();
    // Lets go of pages and snapshot until it is opened again.
    void close() { source_.reset(); }

    [[nodiscard]] Result<std::optional<bson::View>> next() override;
    void save() override;
    [[nodiscard]] Status restore() override;
    void attach(Operation& operation) override;
    [[nodiscard]] std::string plan_summary() const override { return source_->plan_summary(); }

    // For explain: how the work was split, and the stages.
    [[nodiscard]] const PipelineSplit& split() const { return split_; }
    [[nodiscard]] const query::Pipeline& pipeline() const { return pipeline_; }

  private:
    PipelineCursor(Operation& operation, PipelineRequest request);
    void split_pipeline();
    void bind_variables();
    [[nodiscard]] Status open_source(Operation& operation);
    [[nodiscard]] Result<bool> open_plan(Operation& operation, bool with_sort, bool distinct);
    [[nodiscard]] FindRequest find_request(bool with_sort) const;
    [[nodiscard]] Status open_stages();

    PipelineRequest request_;
    query::ExpressionContext constants_;  // those of the request, bound variables as constants
    PipelineSplit whole_split_;           // before it is known what the plan gives
    PipelineSplit split_;
    Host host_;
    query::PipelineContext context_;
    std::unique_ptr<QueryCursor> source_;
    query::Pipeline pipeline_;
    std::vector<bson::Document> parsed_;     // what pipeline_ was made of
    query::DocumentSource* last_ = nullptr;  // a stage of pipeline_, or source_
};

// The query that the front of a pipeline is.
[[nodiscard]] plan::QueryRequest front_request(const PreparedQuery& query,
                                               const PipelineSplit& split,
                                               bool with_sort,
                                               bool distinct);

}  // namespace plumb::exec
