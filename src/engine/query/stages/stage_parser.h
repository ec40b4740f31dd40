// SPDX-License-Identifier: GPL-3.0-or-later
// What the stages share: how they are parsed, and the keeping of their source and expressions.
//
// Threads  one thread.
#pragma once

#include "engine/query/expression.h"
#include "engine/query/stage.h"

#include <memory>
#include <string_view>
#include <vector>

namespace plumb::query {

// Stages are appended as they are parsed; one specification may give several ($bucket: $group and
// $sort).
struct StageParser {
    PipelineContext& context;
    std::vector<std::unique_ptr<Stage>>& stages;
};

using StageParse = Status (*)(bson::ValueView spec, StageParser& parser);

// One stage.
struct StageRow {
    std::string_view name;
    StageParse parse;
    StageTraits traits;
    std::string_view help;
    std::string_view difference = {};  // from MongoDB 4.2
    std::string_view refused = {};     // why it is an error
};

// The row of a stage, `$` included; null if there is none.
[[nodiscard]] const StageRow* find_stage(std::string_view name);

// A stage with a source, which is told when a cursor rests.
class SourcedStage : public Stage {
  public:
    void set_source(DocumentSource& source) override { source_ = &source; }
    void save() override {
        if (source_ != nullptr) {
            source_->save();
        }
    }
    [[nodiscard]] Status restore() override {
        return source_ != nullptr ? source_->restore() : Status{};
    }

  protected:
    [[nodiscard]] DocumentSource& source() {
        PLUMB_ASSERT(source_ != nullptr);
        return *source_;
    }

  private:
    DocumentSource* source_ = nullptr;
};

// The expressions of one stage: they share variables and an arena that is emptied per document.
class StageExpressions {
  public:
    // `pipeline` outlives the expressions, and so does `context` where names mean something else.
    explicit StageExpressions(const PipelineContext& pipeline)
        : StageExpressions(pipeline, pipeline.expressions) {}
    StageExpressions(const PipelineContext& pipeline, const ExpressionContext& context)
        : pipeline_(pipeline), context_(context) {}

    [[nodiscard]] Result<ExpressionPtr> parse(bson::ValueView spec) {
        return parse_expression(spec, scope_, context_);
    }
    [[nodiscard]] VariableScope& scope() { return scope_; }

    // Forgets the values of the document before.
    void next_document() {
        arena_.reset();
        variables_.resize(scope_.slots());
    }
    [[nodiscard]] Result<bson::ValueView> evaluate(const Expression& expression, bson::View root) {
        return expression.evaluate({root, variables_, arena_, pipeline_.interrupt});
    }
    [[nodiscard]] Variables& variables() { return variables_; }
    [[nodiscard]] Arena& arena() { return arena_; }

  private:
    const PipelineContext& pipeline_;
    const ExpressionContext& context_;
    VariableScope scope_;
    Variables variables_;
    Arena arena_;
};

// What a stage may make: a stored document's size, and room for the server's own wrapping.
inline constexpr std::size_t kMadeDocumentBytesMax =
    std::size_t{kDocumentBytesMax} + std::size_t{kDocumentBytesSlack};

// errors  BsonObjectTooLarge (10334)
[[nodiscard]] Status check_document_bytes(std::size_t bytes);

// The documents of an array.
//   errors  `code` if the value is no array or an element no document
[[nodiscard]] Result<std::vector<bson::Document>> read_pipeline(bson::ValueView value,
                                                                ErrorCode code,
                                                                std::string_view what);

// "shop.orders" of the database that `ns` is in, and `collection`.
[[nodiscard]] std::string sibling_namespace(std::string_view ns, std::string_view collection);

// The host, or an error where a pipeline runs without one.
[[nodiscard]] Result<PipelineHost*> host_of(const PipelineContext& context);

}  // namespace plumb::query
