// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/row_sort_key.h"
#include "engine/exec/seen_ids.h"
#include "engine/exec/stages.h"

#include <deque>
#include <queue>

namespace plumb::exec {
namespace {

// The next row of one child.
struct Head {
    std::string key;
    OwnedRow row;
    std::size_t child;

    // For a queue whose greatest is on top: the least key, then the earlier child.
    bool operator<(const Head& other) const {
        const int order = key.compare(other.key);
        return order != 0 ? order > 0 : child > other.child;
    }
};

class SortMergeStage final : public RunningStage {
  public:
    SortMergeStage(const plan::PlanNode& node, const plan::SortMerge& kind, RunContext& context)
        : RunningStage(node, context), kind_(kind), key_(kind.pattern) {}

    bool is_eof() const override { return begun_ && heads_.empty() && waiting_.empty(); }

    void append_details(bson::Builder& out, bool counts) const override {
        out.append("sortPattern", kind_.pattern);
        if (counts) {
            out.append("dupsTested", static_cast<std::int32_t>(seen_.tested()));
            out.append("dupsDropped", static_cast<std::int32_t>(seen_.dropped()));
        }
    }

  private:
    Result<Work> do_work(Row& row) override {
        if (!begun_) {
            begun_ = true;
            for (std::size_t at = 0; at < children().size(); ++at) {
                waiting_.push_back(at);
            }
        }
        if (!waiting_.empty()) {
            return fill(row);
        }
        if (heads_.empty()) {
            return Work::End;
        }
        shown_ = heads_.top();
        heads_.pop();
        waiting_.push_back(shown_.child);
        row = shown_.row.view();
        return Work::Advanced;
    }

    // One unit of work of the first child that has no row waiting.
    Result<Work> fill(Row& row) {
        const std::size_t at = waiting_.front();
        PLUMB_TRY(state, children()[at]->work(row));
        if (state == Work::End) {
            waiting_.pop_front();
        } else if (state == Work::Advanced && seen_.add(row.id)) {
            Head head{.key = {}, .row = OwnedRow{row}, .child = at};
            PLUMB_CHECK(key_.make(row, head.key));
            heads_.push(std::move(head));
            waiting_.pop_front();
        }
        return Work::NeedTime;
    }

    const plan::SortMerge& kind_;
    RowSortKey key_;
    SeenIds seen_;
    std::priority_queue<Head> heads_;
    std::deque<std::size_t> waiting_;  // children whose next row must be found
    Head shown_{};
    bool begun_ = false;
};

}  // namespace

RunningStagePtr make_sort_merge(const plan::PlanNode& node,
                                const plan::SortMerge& kind,
                                RunContext& context) {
    return std::make_unique<SortMergeStage>(node, kind, context);
}

}  // namespace plumb::exec
