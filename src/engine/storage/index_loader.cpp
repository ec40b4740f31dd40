// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/cursor_items_internal.h"
#include "engine/storage/duplicate_key_internal.h"
#include "engine/storage/index_entry_internal.h"
#include "engine/storage/index_loader_internal.h"

#include <cerrno>
#include <chrono>
#include <string>
#include <thread>

namespace plumb::storage {

namespace {

constexpr std::int64_t kReportEvery = 1024;

// A bulk cursor needs the table for itself; a checkpoint that is just passing over it keeps it
// busy.
class BulkCursor {
  public:
    BulkCursor() = default;
    BulkCursor(const BulkCursor&) = delete;
    BulkCursor& operator=(const BulkCursor&) = delete;
    ~BulkCursor() {
        if (cursor_ != nullptr) {
            cursor_->close(cursor_);
        }
    }

    [[nodiscard]] Status open(WT_SESSION* session,
                              const IndexState& index,
                              LoadProgress& progress) {
        int code = EBUSY;
        while (code == EBUSY && !progress.must_stop.load(std::memory_order_relaxed)) {
            code = session->open_cursor(session, index.table.c_str(), nullptr, "bulk", &cursor_);
            if (code == EBUSY) {
                std::this_thread::sleep_for(std::chrono::milliseconds{5});
            }
        }
        return wiredtiger_status(code, "loading index " + index.spec.name);
    }

    [[nodiscard]] Status insert(std::string_view key, std::string_view value) {
        set_key(cursor_, key);
        set_value(cursor_, value);
        return wiredtiger_status(cursor_->insert(cursor_), "loading an index");
    }

    // Writes the last pages.
    [[nodiscard]] Status close() {
        WT_CURSOR* closing = cursor_;
        cursor_ = nullptr;
        return wiredtiger_status(closing->close(closing), "loading an index");
    }

  private:
    WT_CURSOR* cursor_ = nullptr;
};

}  // namespace

Status load_index(WT_SESSION* session,
                  std::string_view ns,
                  const IndexState& index,
                  KeyMerge& keys,
                  LoadProgress& progress) {
    const bool unique = index.has_unique_keys();
    BulkCursor bulk;
    PLUMB_CHECK(bulk.open(session, index, progress));
    std::string last_key;
    std::string value;
    std::int64_t loaded = 0;
    for (;; ++loaded) {
        PLUMB_TRY(found, keys.next());
        if (!found) {
            break;
        }
        const SortKey& key = keys.key();
        if (!unique) {
            PLUMB_CHECK(bulk.insert(key.key_and_id, key.type_bits));
        } else {
            if (loaded > 0 && key.key() == last_key) {
                return duplicate_key_error(ns, index, key.key(), key.type_bits);
            }
            last_key.assign(key.key());
            value.assign(key.key_and_id.substr(last_key.size()));
            value.append(key.type_bits);
            PLUMB_CHECK(bulk.insert(last_key, value));
        }
        if (loaded % kReportEvery == kReportEvery - 1) {
            progress.keys_loaded.fetch_add(kReportEvery, std::memory_order_relaxed);
            if (progress.must_stop.load(std::memory_order_relaxed)) {
                return fail(ErrorCode::Interrupted, "the index build was stopped");
            }
        }
    }
    progress.keys_loaded.fetch_add(loaded % kReportEvery, std::memory_order_relaxed);
    return bulk.close();
}

}  // namespace plumb::storage
