// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/index_entry_internal.h"

#include <bit>
#include <cstring>

namespace plumb::storage {

static_assert(std::endian::native == std::endian::little);

void append_record_id(std::string& out, RecordId id) {
    const std::uint64_t big = __builtin_bswap64(static_cast<std::uint64_t>(id.number()));
    char bytes[kRecordIdBytes];
    std::memcpy(bytes, &big, sizeof bytes);
    out.append(bytes, sizeof bytes);
}

RecordId read_record_id(const char* bytes) {
    std::uint64_t big = 0;
    std::memcpy(&big, bytes, sizeof big);
    return RecordId{static_cast<std::int64_t>(__builtin_bswap64(big))};
}

void EntryBytes::set(bool unique,
                     std::string_view key_string,
                     std::string_view type_bits,
                     RecordId id) {
    key.assign(key_string);
    value.clear();
    append_record_id(unique ? value : key, id);
    value.append(type_bits);
}

bool read_entry(bool unique, std::string_view key, std::string_view value, IndexEntry& out) {
    if ((unique ? value : key).size() < kRecordIdBytes) {
        return false;
    }
    if (unique) {
        out = {key, value.substr(kRecordIdBytes), read_record_id(value.data())};
        return true;
    }
    const std::size_t key_bytes = key.size() - kRecordIdBytes;
    out = {key.substr(0, key_bytes), value, read_record_id(key.data() + key_bytes)};
    return true;
}

}  // namespace plumb::storage
