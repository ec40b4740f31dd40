// SPDX-License-Identifier: GPL-3.0-or-later
// A stage of a plan while it runs. work() does one small unit, as MongoDB's stages do, so that
// several plans can be tried side by side and compared by what they gave for their work.
//
// Source   tests/conformance/plan.jsonl (keys and documents examined)
// Threads  one thread.
#pragma once

#include "base/interrupt.h"
#include "base/result.h"
#include "bson/builder.h"
#include "engine/exec/row.h"
#include "engine/plan/plan_node.h"
#include "engine/query/matcher.h"
#include "engine/storage/transaction.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace plumb::exec {

// What the stages of one query share. Outlives them.
struct RunContext {
    storage::Transaction* transaction = nullptr;           // not owned; another one after restore()
    const storage::CollectionState* collection = nullptr;  // not owned
    Interrupt* interrupt = nullptr;                        // not owned
    const query::Matcher* filter = nullptr;                // not owned: the whole query, for "a.$"
    std::string spill_folder;  // where a sort may write files; empty: it may not
    bool used_disk = false;    // a sort did
    bool tailable = false;  // a scan that has come to the end looks again after the next restore()
};

enum class Work : std::uint8_t {
    Advanced,  // there is a row
    NeedTime,  // none yet, call again
    End,
};

struct StageStatistics {
    std::int64_t works = 0;
    std::int64_t advanced = 0;
    std::int64_t need_time = 0;
};

class RunningStage {
  public:
    RunningStage(const plan::PlanNode& node, RunContext& context)
        : node_(node), context_(context) {}
    RunningStage(const RunningStage&) = delete;
    RunningStage& operator=(const RunningStage&) = delete;
    virtual ~RunningStage() = default;

    // One unit of work; `row` is set if it Advanced, and valid until this stage's next call.
    [[nodiscard]] Result<Work> work(Row& row);

    // Whether everything has been given, as far as the stage knows without working.
    [[nodiscard]] virtual bool is_eof() const = 0;

    // Lets go of pages, and takes the place up again in context.transaction.
    virtual void save();
    [[nodiscard]] virtual Status restore();

    // What only this kind of stage has, for explain; counts only if `counts`.
    virtual void append_details(bson::Builder& out, bool counts) const;

    [[nodiscard]] virtual std::int64_t keys_examined() const { return 0; }
    [[nodiscard]] virtual std::int64_t docs_examined() const { return 0; }

    [[nodiscard]] const StageStatistics& statistics() const { return statistics_; }
    [[nodiscard]] const plan::PlanNode& node() const { return node_; }
    [[nodiscard]] const std::vector<std::unique_ptr<RunningStage>>& children() const {
        return children_;
    }
    void add_child(std::unique_ptr<RunningStage> child) { children_.push_back(std::move(child)); }

  protected:
    [[nodiscard]] virtual Result<Work> do_work(Row& row) = 0;
    [[nodiscard]] RunContext& context() const { return context_; }
    [[nodiscard]] RunningStage& child() const { return *children_.front(); }

  private:
    const plan::PlanNode& node_;  // not owned: the plan outlives what runs it
    RunContext& context_;
    StageStatistics statistics_;
    std::vector<std::unique_ptr<RunningStage>> children_;
};

using RunningStagePtr = std::unique_ptr<RunningStage>;

// The stages of a plan. Nothing is opened before the first work().
[[nodiscard]] RunningStagePtr build_stages(const plan::PlanNode& plan, RunContext& context);

// Sums over a tree.
struct Examined {
    std::int64_t keys = 0;
    std::int64_t docs = 0;
};
[[nodiscard]] Examined examined_by(const RunningStage& root);

}  // namespace plumb::exec
