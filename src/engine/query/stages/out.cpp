// SPDX-License-Identifier: GPL-3.0-or-later
// $out: a collection with just the documents of the pipeline.
#include "engine/query/stages/stages.h"

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

class OutStage final : public SourcedStage {
  public:
    OutStage(std::string collection, const PipelineContext& context)
        : collection_(std::move(collection)), context_(context) {}

    // Writes everything; gives no document.
    Result<std::optional<bson::View>> next() override {
        if (!done_) {
            done_ = true;
            PLUMB_TRY(host, host_of(context_));
            PLUMB_CHECK(
                host->replace_collection(sibling_namespace(context_.ns, collection_), source()));
        }
        return std::optional<bson::View>{};
    }
    void restart() override { done_ = false; }
    void append_explain(bson::Builder& out) const override { out.append("$out", collection_); }
    bool add_dependencies(Dependencies& out) const override {
        out.whole = true;
        return true;
    }

  private:
    std::string collection_;
    const PipelineContext& context_;
    bool done_ = false;
};

}  // namespace

Status parse_out_stage(ValueView spec, StageParser& parser) {
    if (spec.type() != Type::String) {
        return fail(ErrorCode{16990}, "$out only supports a string argument");
    }
    if (spec.as_string().empty()) {
        return fail(ErrorCode::InvalidNamespace, "$out needs the name of a collection");
    }
    parser.stages.push_back(
        std::make_unique<OutStage>(std::string{spec.as_string()}, parser.context));
    return {};
}

}  // namespace plumb::query
