// SPDX-License-Identifier: GPL-3.0-or-later
// How an index entry lies in its table.
//
// Unique index   key: the key string.                        value: record id, type bits
// Other index    key: the key string, record id.             value: type bits
//
// So WiredTiger itself keeps unique keys apart, between transactions too. A record id is eight
// bytes, big-endian; its first byte is at most 0x7F, so that 0xFF after a key string sorts behind
// its entries.
//
// Format   docs/formats/data_directory.md "Index tables"
// Threads  pure functions.
#pragma once

#include "engine/storage/cursors.h"
#include "engine/storage/ids.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace plumb::storage {

inline constexpr std::size_t kRecordIdBytesMax = 9;

// Writes an id to `out`, which has room for kRecordIdBytesMax, and tells how many bytes it took.
std::size_t write_record_id(char* out, RecordId id);
void append_record_id(std::string& out, RecordId id);

// How many bytes the id takes with which `bytes` begins or ends; 0 if they hold none.
[[nodiscard]] std::size_t leading_id_bytes(std::string_view bytes);
[[nodiscard]] std::size_t trailing_id_bytes(std::string_view bytes);

// requires exactly the bytes of an id
[[nodiscard]] RecordId read_record_id(std::string_view bytes);

// Table key and value of an entry, in buffers that are used again.
struct EntryBytes {
    std::string key;
    std::string value;
    void set(bool unique, std::string_view key_string, std::string_view type_bits, RecordId id);
};

// The entry that a table's key and value hold; views into them. False if they are too short to be
// one.
[[nodiscard]] bool read_entry(bool unique,
                              std::string_view key,
                              std::string_view value,
                              IndexEntry& out);

}  // namespace plumb::storage
