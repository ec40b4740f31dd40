// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/cursor_items_internal.h"
#include "engine/storage/multikey_internal.h"
#include "engine/storage/side_log_internal.h"

#include <cstring>
#include <utility>

namespace plumb::storage {

namespace {

// is_insert, index, record id, key bytes; then the key, then the type bits.
constexpr std::size_t kHeaderBytes = 1 + 4 + 8 + 4;

template <class Number>
void append_number(std::string& out, Number number) {
    char bytes[sizeof number];
    std::memcpy(bytes, &number, sizeof bytes);
    out.append(bytes, sizeof bytes);
}

template <class Number>
Number read_number(const char* bytes) {
    Number number = 0;
    std::memcpy(&number, bytes, sizeof number);
    return number;
}

}  // namespace

std::string encode_side_entry(const SideEntry& entry) {
    std::string out;
    out.reserve(kHeaderBytes + entry.key.size() + entry.type_bits.size());
    out.push_back(entry.is_insert ? '\1' : '\0');
    append_number(out, entry.index);
    append_number(out, entry.id.number());
    append_number(out, static_cast<std::uint32_t>(entry.key.size()));
    out.append(entry.key);
    out.append(entry.type_bits);
    return out;
}

std::optional<SideEntry> decode_side_entry(std::string_view bytes) {
    if (bytes.size() < kHeaderBytes) {
        return std::nullopt;
    }
    const char* at = bytes.data();
    const std::size_t key_bytes = read_number<std::uint32_t>(at + kHeaderBytes - 4);
    if (bytes.size() - kHeaderBytes < key_bytes) {
        return std::nullopt;
    }
    SideEntry entry;
    entry.is_insert = *at == '\1';
    entry.index = read_number<std::uint32_t>(at + 1);
    entry.id = RecordId{read_number<std::int64_t>(at + 5)};
    entry.key = bytes.substr(kHeaderBytes, key_bytes);
    entry.type_bits = bytes.substr(kHeaderBytes + key_bytes);
    return entry;
}

SideLog::SideLog(std::uint32_t number, std::string uri, std::vector<IndexMaker> indexes)
    : number_(number),
      uri_(std::move(uri)),
      indexes_(std::move(indexes)),
      multikey_(indexes_.size()) {}

Result<SideNote> SideLog::make(const bson::View* before, const bson::View* after) {
    SideNote note;
    note.before.resize(indexes_.size());
    note.after.resize(indexes_.size());
    for (std::size_t place = 0; place < indexes_.size(); ++place) {
        if (before != nullptr) {
            // What cannot be indexed is found by the build itself, in its scan or as an `after`.
            const Status made = indexes_[place].make(*before, note.before[place]);
            if (!made.ok()) {
                note.before[place].clear();
            }
        }
        if (after != nullptr) {
            PLUMB_CHECK(indexes_[place].make(*after, note.after[place]));
            if (note.after[place].multikey) {
                const std::lock_guard lock{multikey_mutex_};
                add_multikey(multikey_[place], note.after[place]);
            }
        }
    }
    return note;
}

Status SideLog::append(WtCursor& cursor, const SideEntry& entry) {
    const std::string bytes = encode_side_entry(entry);
    cursor->set_key(cursor.get(), next_.fetch_add(1, std::memory_order_relaxed));
    set_value(cursor.get(), bytes);
    return wiredtiger_status(cursor->insert(cursor.get()),
                             "writing the side log of an index build");
}

Status SideLog::write(SessionHandle& session, RecordId id, const SideNote& note) {
    if (abandoned_.load(std::memory_order_acquire)) {
        return {};
    }
    Result<WtCursor> opened = session.cursor(table(), CursorUse::Overwrite);
    if (!opened.ok() && abandoned_.load(std::memory_order_acquire)) {
        return {};
    }
    PLUMB_TRY(cursor, std::move(opened));
    for (std::size_t place = 0; place < indexes_.size(); ++place) {
        const auto index = static_cast<std::uint32_t>(place);
        for (const bson::MadeKey& key : note.before[place].keys) {
            PLUMB_CHECK(append(cursor, {false, index, id, key.bytes, key.type_bits}));
        }
        for (const bson::MadeKey& key : note.after[place].keys) {
            PLUMB_CHECK(append(cursor, {true, index, id, key.bytes, key.type_bits}));
        }
    }
    return {};
}

void SideLog::add_multikey_to(std::size_t place, IndexState& index) const {
    const std::lock_guard lock{multikey_mutex_};
    bson::MadeKeys met;
    met.multikey = multikey_[place].multikey;
    met.multikey_paths = multikey_[place].multikey_paths;
    add_multikey(index, met);
}

}  // namespace plumb::storage
