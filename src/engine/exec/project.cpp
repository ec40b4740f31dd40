// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/key_document.h"
#include "engine/exec/stages.h"
#include "engine/query/projection.h"

namespace plumb::exec {
namespace {

class ProjectStage final : public RunningStage {
  public:
    ProjectStage(const plan::PlanNode& node, const plan::Project& kind, RunContext& context)
        : RunningStage(node, context), kind_(kind) {}

    bool is_eof() const override { return child().is_eof(); }
    void append_details(bson::Builder& out, bool /*counts*/) const override {
        out.append("transformBy", kind_.spec);
    }

  private:
    Result<Work> do_work(Row& row) override {
        if (!projection_) {
            const query::MatchNode* root =
                context().filter == nullptr ? nullptr : &context().filter->root();
            PLUMB_TRY(projection, query::Projection::parse(kind_.spec, root));
            projection_.emplace(std::move(projection));
        }
        PLUMB_TRY(state, child().work(row));
        if (state != Work::Advanced) {
            return state;
        }
        bson::View source = row.document;
        if (!row.has_document) {
            PLUMB_TRY(decoded, key_document_.decode(row));
            source = decoded;
        }
        std::optional<std::uint32_t> position;
        if (projection_->needs_position() && context().filter != nullptr) {
            PLUMB_TRY(matched, context().filter->check(source, &position));
            static_cast<void>(matched);
        }
        out_.clear();
        PLUMB_CHECK(projection_->apply(source, position, out_));
        row.document = out_.finish_view();
        row.has_document = true;
        return Work::Advanced;
    }

    const plan::Project& kind_;
    std::optional<query::Projection> projection_;
    KeyDocument key_document_;
    bson::Builder out_;
};

}  // namespace

RunningStagePtr make_project(const plan::PlanNode& node,
                             const plan::Project& kind,
                             RunContext& context) {
    return std::make_unique<ProjectStage>(node, kind, context);
}

}  // namespace plumb::exec
