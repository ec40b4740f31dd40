// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/stage_filter.h"
#include "engine/exec/stages.h"
#include "engine/storage/cursors.h"

namespace plumb::exec {
namespace {

class CollectionScanStage final : public RunningStage {
  public:
    CollectionScanStage(const plan::PlanNode& node,
                        const plan::CollectionScan& kind,
                        RunContext& context)
        : RunningStage(node, context), kind_(kind), filter_(node) {}

    bool is_eof() const override { return eof_; }

    void save() override {
        if (cursor_ != nullptr) {
            cursor_->save();
        }
    }
    Status restore() override {
        return cursor_ == nullptr ? Status{} : cursor_->restore(*context().transaction);
    }

    void append_details(bson::Builder& out, bool counts) const override {
        out.append("direction",
                   kind_.direction == storage::Direction::Forward ? "forward" : "backward");
        if (counts) {
            out.append("docsExamined", static_cast<std::int32_t>(examined_));
        }
    }
    std::int64_t docs_examined() const override { return examined_; }

  private:
    Result<Work> do_work(Row& row) override {
        if (cursor_ == nullptr) {
            PLUMB_TRY(cursor,
                      storage::RecordCursor::open(
                          *context().transaction, *context().collection, kind_.direction));
            cursor_ = std::move(cursor);
            return Work::NeedTime;
        }
        PLUMB_TRY(record, cursor_->next());
        if (!record) {
            eof_ = true;
            return Work::End;
        }
        ++examined_;
        PLUMB_TRY(accepted, filter_.accepts(record->document));
        if (!accepted) {
            return Work::NeedTime;
        }
        row = Row{};
        row.id = record->id;
        row.has_id = true;
        row.has_document = true;
        row.document = record->document;
        return Work::Advanced;
    }

    const plan::CollectionScan& kind_;
    StageFilter filter_;
    std::unique_ptr<storage::RecordCursor> cursor_;
    std::int64_t examined_ = 0;
    bool eof_ = false;
};

}  // namespace

RunningStagePtr make_collection_scan(const plan::PlanNode& node,
                                     const plan::CollectionScan& kind,
                                     RunContext& context) {
    return std::make_unique<CollectionScanStage>(node, kind, context);
}

}  // namespace plumb::exec
