// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/key_walk.h"
#include "engine/exec/seen_ids.h"
#include "engine/exec/stages.h"
#include "engine/storage/cursors.h"

namespace plumb::exec {
namespace {

plan::IndexBounds bounds_of(const plan::KeyRange& range) {
    plan::IndexBounds out;
    out.range = range;
    return out;
}

class CountScanStage final : public RunningStage {
  public:
    CountScanStage(const plan::PlanNode& node, const plan::CountScan& kind, RunContext& context)
        : RunningStage(node, context),
          kind_(kind),
          walk_(*kind.index, bounds_of(kind.range), storage::Direction::Forward) {}

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
        out.begin_document("indexBounds");
        out.append("startKey", kind_.range.start);
        out.append("startKeyInclusive", kind_.range.start_inclusive);
        out.append("endKey", kind_.range.end);
        out.append("endKeyInclusive", kind_.range.end_inclusive);
        out.end();
        if (counts) {
            out.append("keysExamined", static_cast<std::int32_t>(examined_));
        }
    }
    std::int64_t keys_examined() const override { return examined_; }

  private:
    Result<std::optional<storage::IndexEntry>> step() {
        if (cursor_ != nullptr) {
            return cursor_->next();
        }
        PLUMB_TRY(cursor,
                  storage::IndexCursor::open(
                      *context().transaction, *kind_.index, storage::Direction::Forward));
        cursor_ = std::move(cursor);
        return cursor_->seek(walk_.start());
    }

    Result<Work> do_work(Row& row) override {
        if (done_) {
            return Work::End;
        }
        PLUMB_TRY(entry, step());
        // The step that finds the end counts as well: MongoDB looks before it knows.
        ++examined_;
        if (!entry || walk_.check(entry->key, unused_) != KeyPlace::Inside) {
            done_ = true;
            return Work::End;
        }
        if (kind_.index->multikey && !seen_.add(entry->id)) {
            return Work::NeedTime;
        }
        row = Row{};
        row.id = entry->id;
        row.has_id = true;
        return Work::Advanced;
    }

    const plan::CountScan& kind_;
    KeyWalk walk_;
    SeenIds seen_;
    std::string unused_;  // one stretch has no gaps to seek over
    std::unique_ptr<storage::IndexCursor> cursor_;
    std::int64_t examined_ = 0;
    bool done_ = false;
};

}  // namespace

RunningStagePtr make_count_scan(const plan::PlanNode& node,
                                const plan::CountScan& kind,
                                RunContext& context) {
    return std::make_unique<CountScanStage>(node, kind, context);
}

}  // namespace plumb::exec
