// SPDX-License-Identifier: GPL-3.0-or-later
// A server for tests of pipelines: collections are lists of documents in memory.
//
// Threads  one thread.
#pragma once

#include "engine/query/stage.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace plumb::query {

// Documents of a list, in order.
class ListSource final : public DocumentSource {
  public:
    explicit ListSource(std::vector<bson::Document> documents) : documents_(std::move(documents)) {}
    [[nodiscard]] Result<std::optional<bson::View>> next() override;

  private:
    std::vector<bson::Document> documents_;
    std::size_t given_ = 0;
};

class MemoryHost final : public PipelineHost {
  public:
    std::map<std::string, std::vector<bson::Document>, std::less<>> collections;
    std::size_t spills = 0;  // files that were asked for
    bool indexed = true;     // whether $lookup asks for single documents, or reads a table

    [[nodiscard]] bool has_index_on(std::string_view, std::string_view) override { return indexed; }
    [[nodiscard]] Result<std::unique_ptr<DocumentSource>> open_find(std::string_view ns,
                                                                    bson::View filter) override;
    [[nodiscard]] Result<std::unique_ptr<DocumentSource>> open_pipeline(
        std::string_view ns,
        const std::vector<bson::Document>& stages,
        const ExpressionContext& context) override;
    [[nodiscard]] Result<std::unique_ptr<PreparedPipeline>> prepare_pipeline(
        std::string_view ns,
        const std::vector<bson::Document>& stages,
        const ExpressionContext& context) override;
    [[nodiscard]] Status replace_collection(std::string_view ns, DocumentSource& source) override;
    [[nodiscard]] Status check_merge(const MergeRequest& request) override;
    [[nodiscard]] Status merge(const MergeRequest& request, bson::View document) override;
    [[nodiscard]] Result<std::vector<bson::Document>> report(std::string_view stage,
                                                             bson::View options) override;
    [[nodiscard]] std::string spill_folder() override;

    // The outcome of a pipeline over a collection.
    [[nodiscard]] Result<std::vector<bson::Document>> run(
        std::string_view ns, const std::vector<bson::Document>& stages);
    [[nodiscard]] Result<std::vector<bson::Document>> run(const std::vector<bson::Document>& stages,
                                                          PipelineContext& context);
};

}  // namespace plumb::query
