// SPDX-License-Identifier: GPL-3.0-or-later
// $lookup: to each document, the documents of another collection that belong to it.
//
// Threads  one thread.
#pragma once

#include "bson/builder.h"
#include "bson/path.h"
#include "engine/query/stages/lookup_blocks.h"
#include "engine/query/stages/lookup_pipeline.h"
#include "engine/query/stages/lookup_table.h"
#include "engine/query/stages/stage_parser.h"
#include "engine/query/stages/unwind.h"

#include <optional>
#include <string>
#include <vector>

namespace plumb::query {

struct LookupSpec {
    std::string from;
    bson::Path as;
    // By equal fields …
    bson::Path local_field;
    std::string foreign_field;
    // … or by a pipeline, to which the values of `variables` are given.
    std::unique_ptr<LookupPipeline> pipeline;
    std::vector<ExpressionPtr> variables;
    bson::Document shown;  // as the user wrote it
};

class LookupStage final : public SourcedStage {
  public:
    LookupStage(LookupSpec spec,
                std::unique_ptr<StageExpressions> expressions,
                const PipelineContext& context)
        : spec_(std::move(spec)), expressions_(std::move(expressions)), context_(context) {}

    [[nodiscard]] Result<std::optional<bson::View>> next() override;
    void save() override;
    [[nodiscard]] Status restore() override;
    void append_explain(bson::Builder& out) const override;
    bool add_dependencies(Dependencies& out) const override;
    void restart() override;

    // Takes over a $unwind of the field that this stage makes, so that no array is ever built.
    // False if it is of another field.
    [[nodiscard]] bool absorb(const UnwindSpec& unwind);

  private:
    // The next document of this side.
    [[nodiscard]] Result<std::optional<bson::View>> next_local();
    // How the other side is searched where no index serves: from a table of all of it, or block by
    // block where that is too large. Decided at the first document.
    [[nodiscard]] Status decide_search(bson::View first);
    [[nodiscard]] Result<std::optional<bson::View>> next_of_block();
    [[nodiscard]] Result<std::unique_ptr<DocumentSource>> open(bson::View document);
    [[nodiscard]] Result<std::unique_ptr<DocumentSource>> open_equal(PipelineHost& host,
                                                                     const std::string& ns,
                                                                     bson::View document);
    // What the foreign field must be equal to one of; null where there is nothing.
    [[nodiscard]] std::vector<bson::ValueView> local_values(bson::View document) const;
    [[nodiscard]] bson::Document equality_filter(const std::vector<bson::ValueView>& values) const;
    // The matching documents as an array in the arena.
    [[nodiscard]] Result<bson::ValueView> collect(bson::View document);
    [[nodiscard]] Result<bson::ValueView> collect_from(DocumentSource& matches);
    [[nodiscard]] Result<std::optional<bson::View>> next_array();
    [[nodiscard]] Result<std::optional<bson::View>> next_unwound();
    [[nodiscard]] bson::View give(bson::View document,
                                  bson::ValueView as,
                                  std::optional<std::int64_t> position);

    LookupSpec spec_;
    std::unique_ptr<StageExpressions> expressions_;
    const PipelineContext& context_;
    Arena arena_;
    bson::Builder out_;
    std::optional<LookupTable> table_;
    std::optional<LookupBlocks> blocks_;
    LookupBlocks::Answered* answered_ = nullptr;  // of the document that is being given
    bool search_decided_ = false;

    std::optional<UnwindSpec> unwind_;
    bson::Document document_;  // whose matches are being given
    std::unique_ptr<DocumentSource> matches_;
    std::int64_t position_ = 0;
    bson::Builder indexed_;
};

}  // namespace plumb::query
