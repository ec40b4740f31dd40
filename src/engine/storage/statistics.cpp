// SPDX-License-Identifier: GPL-3.0-or-later
// WiredTiger's statistics: of the whole, and the sizes of tables.
#include "engine/storage/engine_impl_internal.h"
#include "engine/storage/wiredtiger_error_internal.h"

namespace plumb::storage {

namespace {

// Closes a cursor that is not one of a session's cached ones.
class StatisticsCursor {
  public:
    StatisticsCursor() = default;
    StatisticsCursor(const StatisticsCursor&) = delete;
    StatisticsCursor& operator=(const StatisticsCursor&) = delete;
    ~StatisticsCursor() {
        if (cursor_ != nullptr) {
            cursor_->close(cursor_);
        }
    }
    [[nodiscard]] Status open(WT_SESSION* session, const std::string& uri) {
        return wiredtiger_status(
            session->open_cursor(session, uri.c_str(), nullptr, "statistics=(fast)", &cursor_),
            "reading " + uri);
    }
    [[nodiscard]] WT_CURSOR* get() const { return cursor_; }

    [[nodiscard]] Result<std::int64_t> value(int key) {
        cursor_->set_key(cursor_, key);
        PLUMB_CHECK(wiredtiger_status(cursor_->search(cursor_), "reading a statistic"));
        const char* description = nullptr;
        const char* text = nullptr;
        std::int64_t number = 0;
        PLUMB_CHECK(wiredtiger_status(cursor_->get_value(cursor_, &description, &text, &number),
                                      "reading a statistic"));
        return number;
    }

  private:
    WT_CURSOR* cursor_ = nullptr;
};

}  // namespace

Result<TableSizes> EngineImpl::table_sizes(const std::string& uri) {
    PLUMB_TRY(session, pool_.take());
    const BorrowedSession borrowed{pool_, std::move(session)};
    StatisticsCursor cursor;
    PLUMB_CHECK(cursor.open(borrowed.wt(), "statistics:" + uri));
    PLUMB_TRY(file_bytes, cursor.value(WT_STAT_DSRC_BLOCK_SIZE));
    PLUMB_TRY(reusable_bytes, cursor.value(WT_STAT_DSRC_BLOCK_REUSE_BYTES));
    PLUMB_TRY(cached_bytes, cursor.value(WT_STAT_DSRC_CACHE_BYTES_INUSE));
    return TableSizes{file_bytes, reusable_bytes, cached_bytes};
}

Result<TableSizes> EngineImpl::record_table_sizes(const CollectionState& state) {
    if (state.is_view()) {
        return TableSizes{};
    }
    return table_sizes(state.table);
}

Result<TableSizes> EngineImpl::index_table_sizes(const IndexState& state) {
    return table_sizes(state.table);
}

Result<std::vector<std::pair<std::string, std::int64_t>>> EngineImpl::statistics() {
    PLUMB_TRY(session, pool_.take());
    const BorrowedSession borrowed{pool_, std::move(session)};
    StatisticsCursor cursor;
    PLUMB_CHECK(cursor.open(borrowed.wt(), "statistics:"));
    std::vector<std::pair<std::string, std::int64_t>> out;
    for (;;) {
        const int code = cursor.get()->next(cursor.get());
        if (code == WT_NOTFOUND) {
            return out;
        }
        PLUMB_CHECK(wiredtiger_status(code, "reading statistics"));
        const char* description = nullptr;
        const char* text = nullptr;
        std::int64_t number = 0;
        PLUMB_CHECK(
            wiredtiger_status(cursor.get()->get_value(cursor.get(), &description, &text, &number),
                              "reading statistics"));
        out.emplace_back(description, number);
    }
}

}  // namespace plumb::storage
