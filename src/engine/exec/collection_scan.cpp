// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/stage_filter.h"
#include "engine/exec/stages.h"
#include "engine/storage/cursors.h"

#include <fmt/format.h>

namespace plumb::exec {
namespace {

// The next record mostly lies right behind this one in its page. Fetching its first bytes from
// memory now, while this one is tested, hides most of what a scan waits for.
void prefetch_behind(bson::View document) {
    constexpr std::size_t kCacheLine = 64;
    constexpr std::size_t kLines = 6;
    const std::string_view bytes = document.raw();
    const char* const behind = bytes.data() + bytes.size();
    for (std::size_t line = 0; line < kLines; ++line) {
        __builtin_prefetch(behind + line * kCacheLine);
    }
}

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
        if (cursor_ == nullptr) {
            return {};
        }
        if (context().collection->is_capped() && last_.number() > 0 && !eof_) {
            return take_up_place();
        }
        return cursor_->restore(*context().transaction);
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
            return end();
        }
        last_ = record->id;
        ++examined_;
        prefetch_behind(record->document);
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

    // A scan that tails begins anew behind its last record; the others are at their end.
    Work end() {
        eof_ = !context().tailable;
        if (context().tailable && last_.number() == 0) {
            cursor_.reset();
        }
        return Work::End;
    }

    // Where the last record was removed, those behind it may have been too.
    Status take_up_place() {
        PLUMB_TRY(cursor,
                  storage::RecordCursor::open(
                      *context().transaction, *context().collection, kind_.direction));
        PLUMB_TRY(there, cursor->seek(last_));
        if (!there) {
            return fail(ErrorCode::CappedPositionLost,
                        fmt::format("CollectionScan died due to position in capped collection "
                                    "being deleted. Last seen record id: RecordId({})",
                                    last_.number()));
        }
        cursor_ = std::move(cursor);
        return {};
    }

    const plan::CollectionScan& kind_;
    StageFilter filter_;
    std::unique_ptr<storage::RecordCursor> cursor_;
    std::int64_t examined_ = 0;
    bool eof_ = false;
    storage::RecordId last_;  // shown last; 0: none yet
};

}  // namespace

RunningStagePtr make_collection_scan(const plan::PlanNode& node,
                                     const plan::CollectionScan& kind,
                                     RunContext& context) {
    return std::make_unique<CollectionScanStage>(node, kind, context);
}

}  // namespace plumb::exec
