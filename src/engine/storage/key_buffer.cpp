// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/key_buffer_internal.h"

#include <algorithm>
#include <cstring>

namespace plumb::storage {

namespace {

constexpr std::size_t kDigitBytes = 8;
// Below this many entries comparing whole keys beats another round of loading digits.
constexpr std::size_t kSmallRange = 24;
// Above this many the range is parted before it is sorted: some milliseconds.
constexpr std::size_t kSplitRange = 32 * 1024;

std::uint64_t digits_at(std::string_view key, std::size_t depth) {
    std::uint64_t digits = 0;
    if (depth + kDigitBytes <= key.size()) {
        std::memcpy(&digits, key.data() + depth, kDigitBytes);
    } else if (depth < key.size()) {
        std::memcpy(&digits, key.data() + depth, key.size() - depth);
    }
    return __builtin_bswap64(digits);
}

std::size_t common_bytes(std::string_view a, std::string_view b, std::size_t limit) {
    std::size_t common = 0;
    while (common < limit && common < b.size() && a[common] == b[common]) {
        ++common;
    }
    return common;
}

}  // namespace

SortKey read_sort_key(const char* at) {
    SortKeyHeader header{};
    std::memcpy(&header, at, sizeof header);
    at += sizeof header;
    return {{at, header.key_and_id_bytes}, {at + header.key_and_id_bytes, header.type_bits_bytes}};
}

void KeyBuffer::add(std::string_view key, RecordId id, std::string_view type_bits) {
    char id_bytes[kRecordIdBytesMax];
    const std::size_t id_size = write_record_id(id_bytes, id);
    const SortKeyHeader header{static_cast<std::uint32_t>(key.size() + id_size),
                               static_cast<std::uint32_t>(type_bits.size())};
    char* at = arena_.allocate(header.total());
    entries_.push_back({0, at});
    std::memcpy(at, &header, sizeof header);
    at += sizeof header;
    std::memcpy(at, key.data(), key.size());
    at += key.size();
    std::memcpy(at, id_bytes, id_size);
    at += id_size;
    if (!type_bits.empty()) {
        std::memcpy(at, type_bits.data(), type_bits.size());
    }
}

std::string_view KeyBuffer::raw(std::size_t index) const {
    SortKeyHeader header{};
    std::memcpy(&header, entries_[index].at, sizeof header);
    return {entries_[index].at, header.total()};
}

void KeyBuffer::clear() {
    arena_.reset();
    entries_.clear();
}

// Bytes with which all keys begin: skipped, so that the first digits tell most keys apart.
std::size_t KeyBuffer::common_prefix() const {
    const std::string_view first = at(0).key_and_id;
    std::size_t common = first.size();
    for (std::size_t index = 1; index < entries_.size() && common > 0; ++index) {
        common = common_bytes(first, at(index).key_and_id, common);
    }
    return common;
}

// False if all keys of the range end before this depth.
bool KeyBuffer::load_digits(const Range& range) {
    bool any_left = false;
    for (std::size_t index = range.begin; index < range.end; ++index) {
        const std::string_view key = at(index).key_and_id;
        any_left = any_left || key.size() > range.depth;
        entries_[index].digits = digits_at(key, range.depth);
    }
    return any_left;
}

void KeyBuffer::sort_by_bytes(const Range& range) {
    const auto first = entries_.begin() + static_cast<std::ptrdiff_t>(range.begin);
    const auto last = entries_.begin() + static_cast<std::ptrdiff_t>(range.end);
    std::sort(first, last, [](const Entry& a, const Entry& b) {
        return read_sort_key(a.at).key_and_id < read_sort_key(b.at).key_and_id;
    });
}

// Sorts by the digits; entries of equal ones are sorted later, at the next depth.
void KeyBuffer::sort_by_digits(const Range& range, std::vector<Range>& later) {
    const auto first = entries_.begin() + static_cast<std::ptrdiff_t>(range.begin);
    const auto last = entries_.begin() + static_cast<std::ptrdiff_t>(range.end);
    std::sort(first, last, [](const Entry& a, const Entry& b) { return a.digits < b.digits; });
    for (std::size_t begin = range.begin; begin < range.end;) {
        std::size_t end = begin + 1;
        while (end < range.end && entries_[end].digits == entries_[begin].digits) {
            ++end;
        }
        if (end - begin > 1) {
            later.push_back({begin, end, range.depth + kDigitBytes});
        }
        begin = end;
    }
}

// Parts a large range in three by one of its digits, so that nobody waits long for a sort to stop.
void KeyBuffer::split(const Range& range, std::vector<Range>& later) {
    const auto digits = [this](std::size_t index) { return entries_[index].digits; };
    const std::size_t middle = range.begin + (range.end - range.begin) / 2;
    const std::uint64_t low = std::min(digits(range.begin), digits(range.end - 1));
    const std::uint64_t high = std::max(digits(range.begin), digits(range.end - 1));
    const std::uint64_t pivot = std::clamp(digits(middle), low, high);
    const auto first = entries_.begin() + static_cast<std::ptrdiff_t>(range.begin);
    const auto last = entries_.begin() + static_cast<std::ptrdiff_t>(range.end);
    const auto equal =
        std::partition(first, last, [pivot](const Entry& at) { return at.digits < pivot; });
    const auto greater =
        std::partition(equal, last, [pivot](const Entry& at) { return at.digits == pivot; });
    const auto at = [&](auto place) { return static_cast<std::size_t>(place - entries_.begin()); };
    later.push_back({at(equal), at(greater), range.depth + kDigitBytes});
    for (const Range& part : {Range{range.begin, at(equal), range.depth, true},
                              Range{at(greater), range.end, range.depth, true}}) {
        // A pivot that parts badly does not get a second chance: std::sort's worst case is bounded.
        if (part.end - part.begin > (range.end - range.begin) / 8 * 7) {
            sort_by_digits(part, later);
        } else {
            later.push_back(part);
        }
    }
}

void KeyBuffer::sort(const std::atomic<bool>* must_stop) {
    if (entries_.empty()) {
        return;
    }
    std::vector<Range> ranges{{0, entries_.size(), common_prefix()}};
    while (!ranges.empty()) {
        if (must_stop != nullptr && must_stop->load(std::memory_order_relaxed)) {
            return;
        }
        const Range range = ranges.back();
        ranges.pop_back();
        if (range.end - range.begin <= kSmallRange || (!range.has_digits && !load_digits(range))) {
            sort_by_bytes(range);
        } else if (range.end - range.begin > kSplitRange) {
            split(range, ranges);
        } else {
            sort_by_digits(range, ranges);
        }
    }
}

}  // namespace plumb::storage
