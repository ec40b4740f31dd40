// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/stages.h"

namespace plumb::exec {
namespace {

class LimitStage final : public RunningStage {
  public:
    LimitStage(const plan::PlanNode& node, const plan::Limit& kind, RunContext& context)
        : RunningStage(node, context), limit_(kind.count), left_(kind.count) {}

    bool is_eof() const override { return left_ == 0 || child().is_eof(); }
    void append_details(bson::Builder& out, bool /*counts*/) const override {
        out.append("limitAmount", static_cast<std::int32_t>(limit_));
    }

  private:
    Result<Work> do_work(Row& row) override {
        if (left_ == 0) {
            return Work::End;
        }
        PLUMB_TRY(state, child().work(row));
        left_ -= state == Work::Advanced ? 1 : 0;
        return state;
    }

    std::int64_t limit_;
    std::int64_t left_;
};

class SkipStage final : public RunningStage {
  public:
    SkipStage(const plan::PlanNode& node, const plan::Skip& kind, RunContext& context)
        : RunningStage(node, context), left_(kind.count) {}

    bool is_eof() const override { return child().is_eof(); }
    // As MongoDB 4.2 has it, what is left to be skipped: 0 after the run.
    void append_details(bson::Builder& out, bool /*counts*/) const override {
        out.append("skipAmount", static_cast<std::int32_t>(left_));
    }

  private:
    Result<Work> do_work(Row& row) override {
        PLUMB_TRY(state, child().work(row));
        if (state == Work::Advanced && left_ > 0) {
            --left_;
            return Work::NeedTime;
        }
        return state;
    }

    std::int64_t left_;
};

class EndOfFileStage final : public RunningStage {
  public:
    using RunningStage::RunningStage;
    bool is_eof() const override { return true; }

  private:
    Result<Work> do_work(Row& /*row*/) override { return Work::End; }
};

class SubplanStage final : public RunningStage {
  public:
    using RunningStage::RunningStage;
    bool is_eof() const override { return child().is_eof(); }

  private:
    Result<Work> do_work(Row& row) override { return child().work(row); }
};

}  // namespace

RunningStagePtr make_limit(const plan::PlanNode& node,
                           const plan::Limit& kind,
                           RunContext& context) {
    return std::make_unique<LimitStage>(node, kind, context);
}

RunningStagePtr make_skip(const plan::PlanNode& node, const plan::Skip& kind, RunContext& context) {
    return std::make_unique<SkipStage>(node, kind, context);
}

RunningStagePtr make_end_of_file(const plan::PlanNode& node, RunContext& context) {
    return std::make_unique<EndOfFileStage>(node, context);
}

RunningStagePtr make_subplan(const plan::PlanNode& node, RunContext& context) {
    return std::make_unique<SubplanStage>(node, context);
}

}  // namespace plumb::exec
