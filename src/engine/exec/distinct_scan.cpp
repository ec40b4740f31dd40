// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/key_walk.h"
#include "engine/exec/stages.h"
#include "engine/storage/cursors.h"

namespace plumb::exec {
namespace {

class DistinctScanStage final : public RunningStage {
  public:
    DistinctScanStage(const plan::PlanNode& node,
                      const plan::DistinctScan& kind,
                      RunContext& context)
        : RunningStage(node, context),
          kind_(kind),
          walk_(*kind.index, kind.bounds, kind.direction),
          position_(walk_.start()),
          done_(walk_.empty()) {}

    bool is_eof() const override { return done_; }

    void save() override {
        if (cursor_ != nullptr) {
            cursor_->save();
        }
    }
    Status restore() override {
        return cursor_ == nullptr ? Status{} : cursor_->restore(*context().transaction);
    }

    void append_details(bson::Builder& out, bool counts) const override {
        append_index(out, *kind_.index);
        out.append("direction",
                   kind_.direction == storage::Direction::Forward ? "forward" : "backward");
        kind_.bounds.append_to(out, "indexBounds");
        if (counts) {
            out.append("keysExamined", static_cast<std::int32_t>(examined_));
        }
    }
    std::int64_t keys_examined() const override { return examined_; }

  private:
    Result<Work> do_work(Row& row) override {
        if (done_) {
            return Work::End;
        }
        if (cursor_ == nullptr) {
            PLUMB_TRY(
                cursor,
                storage::IndexCursor::open(*context().transaction, *kind_.index, kind_.direction));
            cursor_ = std::move(cursor);
        }
        PLUMB_TRY(entry, cursor_->seek(position_));
        if (!entry) {
            done_ = true;
            return Work::End;
        }
        ++examined_;
        const KeyPlace place = walk_.check(entry->key, position_);
        if (place != KeyPlace::Inside) {
            done_ = place == KeyPlace::Behind;
            return done_ ? Work::End : Work::NeedTime;
        }
        walk_.after_prefix(entry->key, kind_.field_number + 1, position_);
        row = Row{};
        row.id = entry->id;
        row.has_id = true;
        row.index = kind_.index.get();
        row.key = entry->key;
        row.type_bits = entry->type_bits;
        return Work::Advanced;
    }

    const plan::DistinctScan& kind_;
    KeyWalk walk_;
    std::string position_;
    std::unique_ptr<storage::IndexCursor> cursor_;
    std::int64_t examined_ = 0;
    bool done_;
};

}  // namespace

RunningStagePtr make_distinct_scan(const plan::PlanNode& node,
                                   const plan::DistinctScan& kind,
                                   RunContext& context) {
    return std::make_unique<DistinctScanStage>(node, kind, context);
}

}  // namespace plumb::exec
