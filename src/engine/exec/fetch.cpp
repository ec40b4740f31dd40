// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/stage_filter.h"
#include "engine/exec/stages.h"
#include "engine/storage/cursors.h"

namespace plumb::exec {
namespace {

class FetchStage final : public RunningStage {
  public:
    FetchStage(const plan::PlanNode& node, RunContext& context)
        : RunningStage(node, context), filter_(node) {}

    bool is_eof() const override { return child().is_eof(); }

    void save() override {
        if (records_ != nullptr) {
            records_->save();
        }
        RunningStage::save();
    }
    Status restore() override {
        if (records_ != nullptr) {
            PLUMB_CHECK(records_->restore(*context().transaction));
        }
        return RunningStage::restore();
    }

    void append_details(bson::Builder& out, bool counts) const override {
        if (counts) {
            out.append("docsExamined", static_cast<std::int32_t>(examined_));
            out.append("alreadyHasObj", static_cast<std::int32_t>(had_document_));
        }
    }
    std::int64_t docs_examined() const override { return examined_; }

  private:
    Result<Work> do_work(Row& row) override {
        PLUMB_TRY(state, child().work(row));
        if (state != Work::Advanced) {
            return state;
        }
        if (row.has_document) {
            ++had_document_;
        } else {
            PLUMB_TRY(found, read(row));
            if (!found) {
                return Work::NeedTime;
            }
        }
        ++examined_;
        PLUMB_TRY(accepted, filter_.accepts(row.document));
        return accepted ? Work::Advanced : Work::NeedTime;
    }

    Result<bool> read(Row& row) {
        if (records_ == nullptr) {
            PLUMB_TRY(
                records,
                storage::RecordCursor::open(
                    *context().transaction, *context().collection, storage::Direction::Forward));
            records_ = std::move(records);
        }
        PLUMB_TRY(record, records_->seek(row.id));
        if (!record) {
            return false;
        }
        row.document = record->document;
        row.has_document = true;
        return true;
    }

    StageFilter filter_;
    std::unique_ptr<storage::RecordCursor> records_;
    std::int64_t examined_ = 0;
    std::int64_t had_document_ = 0;
};

}  // namespace

RunningStagePtr make_fetch(const plan::PlanNode& node, RunContext& context) {
    return std::make_unique<FetchStage>(node, context);
}

}  // namespace plumb::exec
