// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/index_entry_internal.h"

#include <bit>
#include <cstring>

namespace plumb::storage {

static_assert(std::endian::native == std::endian::little);

namespace {

constexpr unsigned kFirstBits = 4;  // of the number, in the first byte
constexpr unsigned kLastBits = 5;   // and in the last
constexpr std::size_t kEndBytes = 2;
static_assert(kFirstBits + kLastBits + 8 * (kRecordIdBytesMax - kEndBytes) >= 63);

// Bytes between the first and the last.
std::size_t middle_bytes(std::uint64_t number) {
    const auto bits = static_cast<unsigned>(std::bit_width(number));
    return bits <= kFirstBits + kLastBits ? 0 : (bits - kFirstBits - kLastBits + 7) / 8;
}

std::uint8_t byte_at(std::string_view bytes, std::size_t index) {
    return static_cast<std::uint8_t>(bytes[index]);
}

}  // namespace

std::size_t write_record_id(char* out, RecordId id) {
    const auto number = static_cast<std::uint64_t>(id.number());
    const std::size_t middle = middle_bytes(number);
    const std::uint64_t big_middle = __builtin_bswap64(number >> kLastBits);
    const std::uint64_t high = number >> (kLastBits + 8 * middle);
    out[0] = static_cast<char>(middle << kFirstBits | high);
    std::memcpy(out + 1, reinterpret_cast<const char*>(&big_middle) + 8 - middle, middle);
    out[1 + middle] = static_cast<char>((number & 0x1F) << 3 | middle);
    return middle + kEndBytes;
}

void append_record_id(std::string& out, RecordId id) {
    char bytes[kRecordIdBytesMax];
    out.append(bytes, write_record_id(bytes, id));
}

std::size_t leading_id_bytes(std::string_view bytes) {
    if (bytes.empty() || byte_at(bytes, 0) > 0x7F) {
        return 0;
    }
    const std::size_t total = (byte_at(bytes, 0) >> kFirstBits) + kEndBytes;
    return total <= bytes.size() ? total : 0;
}

std::size_t trailing_id_bytes(std::string_view bytes) {
    if (bytes.empty()) {
        return 0;
    }
    const std::size_t total = (byte_at(bytes, bytes.size() - 1) & 7U) + kEndBytes;
    return total <= bytes.size() ? total : 0;
}

RecordId read_record_id(std::string_view bytes) {
    std::uint64_t number = byte_at(bytes, 0) & 0x0FU;
    for (std::size_t index = 1; index + 1 < bytes.size(); ++index) {
        number = number << 8 | byte_at(bytes, index);
    }
    number = number << kLastBits | byte_at(bytes, bytes.size() - 1) >> 3;
    return RecordId{static_cast<std::int64_t>(number)};
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
    const std::size_t id_bytes = unique ? leading_id_bytes(value) : trailing_id_bytes(key);
    if (id_bytes == 0) {
        return false;
    }
    if (unique) {
        out = {key, value.substr(id_bytes), read_record_id(value.substr(0, id_bytes))};
        return true;
    }
    const std::size_t key_bytes = key.size() - id_bytes;
    out = {key.substr(0, key_bytes), value, read_record_id(key.substr(key_bytes))};
    return true;
}

}  // namespace plumb::storage
