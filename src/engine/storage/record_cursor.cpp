// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/assert.h"
#include "engine/storage/cursor_items_internal.h"
#include "engine/storage/cursors.h"
#include "engine/storage/session_internal.h"

#include <utility>

namespace plumb::storage {

namespace {

class WiredTigerRecordCursor final : public RecordCursor {
  public:
    WiredTigerRecordCursor(WtCursor cursor, const CollectionState& collection, Direction direction)
        : cursor_(std::move(cursor)),
          table_(collection.table),
          number_(collection.number),
          forward_(direction == Direction::Forward) {}

    Result<std::optional<Record>> next() override;
    Result<std::optional<Record>> seek(RecordId id) override;
    void save() override;
    Status restore(Transaction& transaction) override;

  private:
    // Where the next call of next() begins.
    enum class Place : std::uint8_t { Start, AtLast, AfterLast, End };

    int step() { return forward_ ? cursor_->next(cursor_.get()) : cursor_->prev(cursor_.get()); }
    int step_past_last();
    Result<std::optional<Record>> show(int code);

    WtCursor cursor_;
    std::string table_;
    std::uint32_t number_;
    bool forward_;
    Place place_ = Place::Start;
    std::int64_t last_ = 0;
};

Result<std::optional<Record>> WiredTigerRecordCursor::show(int code) {
    if (code == WT_NOTFOUND) {
        place_ = Place::End;
        return std::optional<Record>{};
    }
    PLUMB_CHECK(wiredtiger_status(code, "reading a record"));
    std::string_view document;
    PLUMB_CHECK(wiredtiger_status(cursor_->get_key(cursor_.get(), &last_), "reading a record id"));
    PLUMB_CHECK(get_value(cursor_.get(), document));
    place_ = Place::AtLast;
    return std::optional<Record>{{RecordId{last_}, bson::View{document}}};
}

// Moves to the first record behind `last_`, which need not be there.
int WiredTigerRecordCursor::step_past_last() {
    int relation = 0;
    cursor_->set_key(cursor_.get(), last_);
    const int code = cursor_->search_near(cursor_.get(), &relation);
    if (code != 0) {
        return code;
    }
    const bool is_behind = forward_ ? relation > 0 : relation < 0;
    return is_behind ? 0 : step();
}

Result<std::optional<Record>> WiredTigerRecordCursor::next() {
    PLUMB_ASSERT(static_cast<bool>(cursor_));
    switch (place_) {
        case Place::Start:
        case Place::AtLast:
            return show(step());
        case Place::AfterLast:
            return show(step_past_last());
        case Place::End:
            break;
    }
    return std::optional<Record>{};
}

Result<std::optional<Record>> WiredTigerRecordCursor::seek(RecordId id) {
    PLUMB_ASSERT(static_cast<bool>(cursor_));
    cursor_->set_key(cursor_.get(), id.number());
    const int code = cursor_->search(cursor_.get());
    if (code == WT_NOTFOUND) {
        last_ = id.number();
        place_ = Place::AfterLast;
        return std::optional<Record>{};
    }
    return show(code);
}

void WiredTigerRecordCursor::save() {
    cursor_.give_back();
    if (place_ == Place::AtLast) {
        place_ = Place::AfterLast;
    }
}

Status WiredTigerRecordCursor::restore(Transaction& transaction) {
    if (!cursor_) {
        PLUMB_TRY(cursor, transaction.session().cursor({number_, table_}, CursorUse::Overwrite));
        cursor_ = std::move(cursor);
    }
    return {};
}

}  // namespace

Result<std::unique_ptr<RecordCursor>> RecordCursor::open(Transaction& transaction,
                                                         const CollectionState& collection,
                                                         Direction direction) {
    PLUMB_TRY(
        cursor,
        transaction.session().cursor({collection.number, collection.table}, CursorUse::Overwrite));
    return std::unique_ptr<RecordCursor>{
        std::make_unique<WiredTigerRecordCursor>(std::move(cursor), collection, direction)};
}

}  // namespace plumb::storage
