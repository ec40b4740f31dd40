// SPDX-License-Identifier: GPL-3.0-or-later
// What a pipeline may ask of the database: other collections to read, a place to write to, reports.
//
// Threads  as exec/find.h
#pragma once

#include "engine/exec/operation.h"
#include "engine/query/stage.h"

#include <memory>
#include <string>
#include <vector>

namespace plumb::exec {

class Host final : public query::PipelineHost {
  public:
    // `ns` is the pipeline's collection.
    Host(Operation& operation, std::string ns) : operation_(&operation), ns_(std::move(ns)) {}

    void attach(Operation& operation) { operation_ = &operation; }
    [[nodiscard]] Operation& operation() { return *operation_; }

    [[nodiscard]] Result<std::unique_ptr<query::DocumentSource>> open_find(
        std::string_view ns, bson::View filter) override;
    [[nodiscard]] bool has_index_on(std::string_view ns, std::string_view field) override;
    [[nodiscard]] Result<std::unique_ptr<query::DocumentSource>> open_pipeline(
        std::string_view ns,
        const std::vector<bson::Document>& stages,
        const query::ExpressionContext& context) override;
    [[nodiscard]] Result<std::unique_ptr<query::PreparedPipeline>> prepare_pipeline(
        std::string_view ns,
        const std::vector<bson::Document>& stages,
        const query::ExpressionContext& context) override;
    [[nodiscard]] Status replace_collection(std::string_view ns,
                                            query::DocumentSource& source) override;
    [[nodiscard]] Status check_merge(const MergeRequest& request) override;
    [[nodiscard]] Status merge(const MergeRequest& request, bson::View document) override;
    [[nodiscard]] Result<std::vector<bson::Document>> report(std::string_view stage,
                                                             bson::View options) override;
    [[nodiscard]] std::string spill_folder() override;

  private:
    Operation* operation_;  // not owned; that of the current batch
    std::string ns_;
};

// Rows of the stages that report: $indexStats, $collStats, $planCacheStats, $currentOp.
[[nodiscard]] Result<std::vector<bson::Document>> report_rows(Operation& operation,
                                                              const std::string& ns,
                                                              std::string_view stage,
                                                              bson::View options);

// $out: puts what `source` gives in the place of a collection, with its options and indexes.
[[nodiscard]] Status write_out_collection(Operation& operation,
                                          std::string_view ns,
                                          query::DocumentSource& source);

// $merge, for one document.
[[nodiscard]] Status check_merge_target(const Operation& operation,
                                        const query::PipelineHost::MergeRequest& request);
[[nodiscard]] Status merge_document(Operation& operation,
                                    const query::PipelineHost::MergeRequest& request,
                                    bson::View document);

}  // namespace plumb::exec
