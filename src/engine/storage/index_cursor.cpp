// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/assert.h"
#include "engine/storage/cursor_items_internal.h"
#include "engine/storage/cursors.h"
#include "engine/storage/index_entry_internal.h"
#include "engine/storage/session_internal.h"

#include <utility>

namespace plumb::storage {

namespace {

bool multikey_has_changed(const IndexState& index) {
    return index.life != nullptr &&
           index.life->multikey_changes.load(std::memory_order_acquire) != index.multikey_change;
}

class WiredTigerIndexCursor final : public IndexCursor {
  public:
    // `index` is copied as far as it is needed: a cursor may outlive the state it was opened with.
    WiredTigerIndexCursor(WtCursor cursor, const IndexState& index, Direction direction)
        : cursor_(std::move(cursor)),
          life_(index.life),
          multikey_change_(index.multikey_change),
          table_(index.table),
          number_(index.number),
          unique_(index.has_unique_keys()),
          forward_(direction == Direction::Forward) {}

    Result<std::optional<IndexEntry>> seek(std::string_view position) override;
    Result<std::optional<IndexEntry>> next() override;
    void save() override;
    Status restore(Transaction& transaction) override;

  private:
    // Where the next call of next() begins. In AfterSaved the key of the last entry is in saved_.
    enum class Place : std::uint8_t { Start, AtLast, AfterSaved, End };

    int step() { return forward_ ? cursor_->next(cursor_.get()) : cursor_->prev(cursor_.get()); }
    int step_past(std::string_view key, bool key_counts);
    Result<std::optional<IndexEntry>> show(int code);

    WtCursor cursor_;
    std::shared_ptr<const IndexLife> life_;  // second owner: the states of the index
    std::uint32_t multikey_change_;
    std::string table_;
    std::uint32_t number_;
    bool unique_;
    bool forward_;
    Place place_ = Place::Start;
    std::string_view last_key_;  // in the cursor's page
    std::string saved_;
};

Result<std::optional<IndexEntry>> WiredTigerIndexCursor::show(int code) {
    if (code == WT_NOTFOUND) {
        place_ = Place::End;
        return std::optional<IndexEntry>{};
    }
    PLUMB_CHECK(wiredtiger_status(code, "reading an index entry"));
    std::string_view value;
    PLUMB_CHECK(get_key(cursor_.get(), last_key_));
    PLUMB_CHECK(get_value(cursor_.get(), value));
    std::optional<IndexEntry> entry{std::in_place};
    if (!read_entry(unique_, last_key_, value, *entry)) {
        return fail(ErrorCode::DataVersionMismatch,
                    table_ + " holds an entry that is too short; run validate");
    }
    place_ = Place::AtLast;
    return entry;
}

// Moves to the first entry in our direction behind `key`, or at it if `key_counts`.
int WiredTigerIndexCursor::step_past(std::string_view key, bool key_counts) {
    int relation = 0;
    set_key(cursor_.get(), key);
    const int code = cursor_->search_near(cursor_.get(), &relation);
    if (code != 0) {
        return code;
    }
    const bool is_behind = forward_ ? relation > 0 : relation < 0;
    return is_behind || (relation == 0 && key_counts) ? 0 : step();
}

Result<std::optional<IndexEntry>> WiredTigerIndexCursor::seek(std::string_view position) {
    PLUMB_ASSERT(static_cast<bool>(cursor_));
    return show(step_past(position, forward_));
}

Result<std::optional<IndexEntry>> WiredTigerIndexCursor::next() {
    PLUMB_ASSERT(static_cast<bool>(cursor_));
    switch (place_) {
        case Place::Start:
        case Place::AtLast:
            return show(step());
        case Place::AfterSaved:
            return show(step_past(saved_, false));
        case Place::End:
            break;
    }
    return std::optional<IndexEntry>{};
}

void WiredTigerIndexCursor::save() {
    if (place_ == Place::AtLast) {
        saved_.assign(last_key_);
        place_ = Place::AfterSaved;
    }
    cursor_.give_back();
}

Status WiredTigerIndexCursor::restore(Transaction& transaction) {
    if (life_ != nullptr &&
        life_->multikey_changes.load(std::memory_order_acquire) != multikey_change_) {
        return fail(ErrorCode::QueryPlanKilled,
                    "an index changed while the query was waiting; run it again");
    }
    if (!cursor_) {
        PLUMB_TRY(cursor, transaction.session().cursor({number_, table_}, CursorUse::Overwrite));
        cursor_ = std::move(cursor);
    }
    return {};
}

}  // namespace

Result<std::unique_ptr<IndexCursor>> IndexCursor::open(Transaction& transaction,
                                                       const IndexState& index,
                                                       Direction direction) {
    SessionHandle& session = transaction.session();
    if (multikey_has_changed(index) ||
        (index.life != nullptr && session.is_newer_than_snapshot(index.life->born))) {
        return fail(ErrorCode::WriteConflict,
                    "index " + index.spec.name + " changed since the query was planned");
    }
    PLUMB_TRY(cursor, session.cursor({index.number, index.table}, CursorUse::Overwrite));
    return std::unique_ptr<IndexCursor>{
        std::make_unique<WiredTigerIndexCursor>(std::move(cursor), index, direction)};
}

}  // namespace plumb::storage
