// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/seen_ids.h"
#include "engine/exec/stages.h"

namespace plumb::exec {
namespace {

class UnionStage final : public RunningStage {
  public:
    using RunningStage::RunningStage;

    bool is_eof() const override { return current_ >= children().size(); }
    void append_details(bson::Builder& out, bool counts) const override {
        if (counts) {
            out.append("dupsTested", static_cast<std::int32_t>(seen_.tested()));
            out.append("dupsDropped", static_cast<std::int32_t>(seen_.dropped()));
        }
    }

  private:
    Result<Work> do_work(Row& row) override {
        if (is_eof()) {
            return Work::End;
        }
        PLUMB_TRY(state, children()[current_]->work(row));
        if (state == Work::End) {
            ++current_;
            return is_eof() ? Work::End : Work::NeedTime;
        }
        if (state == Work::Advanced && !seen_.add(row.id)) {
            return Work::NeedTime;
        }
        return state;
    }

    SeenIds seen_;
    std::size_t current_ = 0;
};

}  // namespace

RunningStagePtr make_union(const plan::PlanNode& node, RunContext& context) {
    return std::make_unique<UnionStage>(node, context);
}

}  // namespace plumb::exec
