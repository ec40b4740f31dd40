// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/index_key.h"
#include "engine/exec/stages.h"
#include "engine/storage/cursors.h"

namespace plumb::exec {
namespace {

class IdLookupStage final : public RunningStage {
  public:
    IdLookupStage(const plan::PlanNode& node, const plan::IdLookup& kind, RunContext& context)
        : RunningStage(node, context), kind_(kind) {}

    bool is_eof() const override { return done_; }

    void save() override {
        if (records_ != nullptr) {
            records_->save();
        }
    }
    Status restore() override {
        return records_ == nullptr ? Status{} : records_->restore(*context().transaction);
    }

    void append_details(bson::Builder& out, bool counts) const override {
        if (counts) {
            out.append("keysExamined", static_cast<std::int32_t>(found_));
            out.append("docsExamined", static_cast<std::int32_t>(found_));
        }
    }
    std::int64_t keys_examined() const override { return found_; }
    std::int64_t docs_examined() const override { return found_; }

  private:
    Result<Work> do_work(Row& row) override {
        if (done_) {
            return Work::End;
        }
        done_ = true;
        PLUMB_TRY(entries,
                  storage::IndexCursor::open(
                      *context().transaction, *kind_.index, storage::Direction::Forward));
        bson::KeyString key;
        key.append(kind_.id, bson::Order::Ascending);
        PLUMB_TRY(entry, entries->seek(key.bytes()));
        if (!entry || entry->key != key.bytes()) {
            return Work::End;
        }
        PLUMB_TRY(records,
                  storage::RecordCursor::open(
                      *context().transaction, *context().collection, storage::Direction::Forward));
        records_ = std::move(records);
        PLUMB_TRY(record, records_->seek(entry->id));
        if (!record) {
            return Work::End;
        }
        found_ = 1;
        row = Row{};
        row.id = record->id;
        row.has_id = true;
        row.has_document = true;
        row.document = record->document;
        return Work::Advanced;
    }

    const plan::IdLookup& kind_;
    std::unique_ptr<storage::RecordCursor> records_;
    std::int64_t found_ = 0;
    bool done_ = false;
};

}  // namespace

RunningStagePtr make_id_lookup(const plan::PlanNode& node,
                               const plan::IdLookup& kind,
                               RunContext& context) {
    return std::make_unique<IdLookupStage>(node, kind, context);
}

}  // namespace plumb::exec
