// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/stages/sorter.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace plumb::query {

namespace {

// So that a small limit is not sorted after every few documents.
constexpr std::size_t kCutAtLeast = 1024;
constexpr std::size_t kPiece = 16 * 1024;

}  // namespace

std::int64_t Sorter::bytes_used() const {
    return static_cast<std::int64_t>(arena_.bytes_held() + entries_.size() * sizeof(Entry));
}

void Sorter::restart() {
    entries_.clear();
    arena_.reset();
    worst_.reset();
    files_.clear();
    merge_ = SpillMerge{};
    merging_ = false;
    given_ = 0;
    left_ = 0;
}

Status Sorter::check_interrupt() const {
    return context_.interrupt != nullptr ? context_.interrupt->check_now() : Status{};
}

// Pieces first, which are then merged, two neighbours at a time.
Status Sorter::sort() {
    const auto less = [](const Entry& a, const Entry& b) { return a.key < b.key; };
    const auto at = [this](std::size_t index) {
        return entries_.begin() + static_cast<std::ptrdiff_t>(std::min(index, entries_.size()));
    };
    for (std::size_t begin = 0; begin < entries_.size(); begin += kPiece) {
        PLUMB_CHECK(check_interrupt());
        std::stable_sort(at(begin), at(begin + kPiece), less);
    }
    for (std::size_t width = kPiece; width < entries_.size(); width *= 2) {
        for (std::size_t begin = 0; begin + width < entries_.size(); begin += 2 * width) {
            PLUMB_CHECK(check_interrupt());
            std::inplace_merge(at(begin), at(begin + width), at(begin + 2 * width), less);
        }
    }
    return {};
}

Status Sorter::cut() {
    PLUMB_CHECK(sort());
    const auto limit = static_cast<std::size_t>(*limit_);
    if (entries_.size() > limit) {
        entries_.resize(limit);
    }
    Arena kept;
    for (Entry& entry : entries_) {
        entry.key = kept.copy(entry.key);
        entry.bytes = kept.copy(entry.bytes);
    }
    arena_ = std::move(kept);
    if (entries_.size() == limit) {
        worst_ = entries_.back().key;
    }
    return {};
}

Status Sorter::spill() {
    if (!context_.allow_disk_use || context_.host == nullptr) {
        return fail(ErrorCode{limit_ ? 16820 : 16819},
                    fmt::format("Sort exceeded memory limit of {} bytes, but did not opt in to "
                                "external sorting. Pass allowDiskUse:true to opt in.",
                                context_.memory_bytes));
    }
    PLUMB_TRY(file, SpillFile::create(context_.host->spill_folder()));
    PLUMB_CHECK(sort());
    std::size_t appended = 0;
    for (const Entry& entry : entries_) {
        if (appended++ % kPiece == 0) {
            PLUMB_CHECK(check_interrupt());
        }
        PLUMB_CHECK(file.append(entry.key, entry.bytes));
    }
    files_.push_back(std::move(file));
    entries_.clear();
    arena_ = Arena{};
    worst_.reset();
    return {};
}

Status Sorter::add(std::string_view key, std::string_view bytes) {
    // Of equal keys the earlier document wins, so an equal one comes too late.
    if (worst_ && key >= *worst_) {
        return {};
    }
    entries_.push_back({arena_.copy(key), arena_.copy(bytes)});
    const bool full = bytes_used() > context_.memory_bytes;
    if (limit_) {
        const std::size_t enough = std::max(
            static_cast<std::size_t>(std::min(*limit_, std::int64_t{1} << 30)) * 2, kCutAtLeast);
        if (entries_.size() >= enough ||
            (full && static_cast<std::int64_t>(entries_.size()) > *limit_)) {
            PLUMB_CHECK(cut());
        }
    }
    return bytes_used() > context_.memory_bytes ? spill() : Status{};
}

Status Sorter::finish() {
    left_ = limit_.value_or(std::numeric_limits<std::int64_t>::max());
    if (files_.empty()) {
        return sort();
    }
    if (!entries_.empty()) {
        PLUMB_CHECK(spill());
    }
    merging_ = true;
    return merge_.open(std::move(files_));
}

Result<std::optional<std::string_view>> Sorter::next() {
    std::optional<std::string_view> out;
    if (left_ == 0) {
        return out;
    }
    --left_;
    if (merging_) {
        PLUMB_TRY(record, merge_.next());
        if (record) {
            out = record->bytes;
        }
        return out;
    }
    if (given_ < entries_.size()) {
        out = entries_[given_++].bytes;
    }
    return out;
}

}  // namespace plumb::query
