// SPDX-License-Identifier: GPL-3.0-or-later
// $unionWith: the documents of the pipeline, and then those of another collection.
#include "engine/query/stages/stages.h"

#include <fmt/format.h>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

class UnionWithStage final : public SourcedStage {
  public:
    UnionWithStage(std::string collection,
                   std::vector<bson::Document> pipeline,
                   const PipelineContext& context)
        : collection_(std::move(collection)), pipeline_(std::move(pipeline)), context_(context) {}

    Result<std::optional<bson::View>> next() override {
        if (!other_) {
            PLUMB_TRY(document, source().next());
            if (document) {
                return document;
            }
            PLUMB_TRY(host, host_of(context_));
            PLUMB_TRY(
                other,
                host->open_pipeline(
                    sibling_namespace(context_.ns, collection_), pipeline_, context_.expressions));
            other_ = std::move(other);
        }
        return other_->next();
    }
    void save() override {
        SourcedStage::save();
        if (other_) {
            other_->save();
        }
    }
    Status restore() override {
        PLUMB_CHECK(SourcedStage::restore());
        return other_ ? other_->restore() : Status{};
    }
    void restart() override { other_.reset(); }
    void append_explain(bson::Builder& out) const override {
        out.begin_document("$unionWith").append("coll", collection_).begin_array("pipeline");
        for (const bson::Document& stage : pipeline_) {
            out.push(stage);
        }
        out.end().end();
    }
    bool add_dependencies(Dependencies& /*out*/) const override { return false; }

  private:
    std::string collection_;
    std::vector<bson::Document> pipeline_;
    const PipelineContext& context_;
    std::unique_ptr<DocumentSource> other_;
};

}  // namespace

Status parse_union_with_stage(ValueView spec, StageParser& parser) {
    std::string collection;
    std::vector<bson::Document> pipeline;
    if (spec.type() == Type::String) {
        collection = spec.as_string();
    } else if (spec.type() == Type::Document) {
        for (const bson::Element& option : spec.as_document()) {
            if (option.name == "coll" && option.value.type() == Type::String) {
                collection = option.value.as_string();
            } else if (option.name == "pipeline") {
                PLUMB_TRY(stages,
                          read_pipeline(option.value, ErrorCode::TypeMismatch, "$unionWith"));
                pipeline = std::move(stages);
            } else {
                return fail(ErrorCode{40415},
                            fmt::format("unknown or wrong field '$unionWith.{}'", option.name));
            }
        }
    }
    if (collection.empty()) {
        return fail(ErrorCode::FailedToParse,
                    "the $unionWith stage specification must be an object or string");
    }
    // Found out now what would fail only when the other collection is reached.
    PipelineContext other = parser.context;
    PLUMB_CHECK(parse_pipeline(pipeline, other));
    parser.stages.push_back(std::make_unique<UnionWithStage>(
        std::move(collection), std::move(pipeline), parser.context));
    return {};
}

}  // namespace plumb::query
