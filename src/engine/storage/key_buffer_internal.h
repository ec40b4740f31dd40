// SPDX-License-Identifier: GPL-3.0-or-later
// Index keys in memory, to be sorted: bytes in an arena, and beside them an array of the eight
// bytes that matter next with a pointer to the rest, so that sorting rarely leaves the array.
//
//   buffer.add(key, id, type_bits);
//   buffer.sort();
//   for (std::size_t at = 0; at < buffer.size(); ++at) { use(buffer.at(at)); }
//
// Order    by key, then by record id.
// Threads  one thread.
#pragma once

#include "base/arena.h"
#include "engine/storage/ids.h"
#include "engine/storage/index_entry_internal.h"

#include <atomic>
#include <cstdint>
#include <string_view>
#include <vector>

namespace plumb::storage {

// A key with the record id behind it (as in an index table), and the type bits.
struct SortKey {
    std::string_view key_and_id;
    std::string_view type_bits;

    [[nodiscard]] std::string_view key() const {
        return key_and_id.substr(0, key_and_id.size() - trailing_id_bytes(key_and_id));
    }
};

// How a sort key lies in memory and in a spilled run: two lengths, then the bytes.
struct SortKeyHeader {
    std::uint32_t key_and_id_bytes;
    std::uint32_t type_bits_bytes;
    [[nodiscard]] std::size_t total() const {
        return sizeof(SortKeyHeader) + key_and_id_bytes + type_bits_bytes;
    }
};
[[nodiscard]] SortKey read_sort_key(const char* at);

class KeyBuffer {
  public:
    void add(std::string_view key, RecordId id, std::string_view type_bits);
    // `must_stop`, if it is not null, ends the sort early once it is set: the order is none then.
    void sort(const std::atomic<bool>* must_stop = nullptr);

    [[nodiscard]] std::size_t size() const { return entries_.size(); }
    [[nodiscard]] SortKey at(std::size_t index) const { return read_sort_key(entries_[index].at); }
    // The bytes of an entry as a run holds them.
    [[nodiscard]] std::string_view raw(std::size_t index) const;

    [[nodiscard]] std::size_t bytes_held() const {
        return arena_.bytes_held() + entries_.capacity() * sizeof(Entry);
    }
    void clear();

  private:
    struct Entry {
        std::uint64_t digits;  // eight bytes of the key, at the depth being sorted
        const char* at;
    };
    struct Range {
        std::size_t begin;
        std::size_t end;
        std::size_t depth;
        bool has_digits = false;  // of this depth, in its entries
    };
    [[nodiscard]] std::size_t common_prefix() const;
    bool load_digits(const Range& range);
    void sort_by_bytes(const Range& range);
    void sort_by_digits(const Range& range, std::vector<Range>& later);
    void split(const Range& range, std::vector<Range>& later);

    Arena arena_;
    std::vector<Entry> entries_;
};

}  // namespace plumb::storage
