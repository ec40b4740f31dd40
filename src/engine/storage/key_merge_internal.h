// SPDX-License-Identifier: GPL-3.0-or-later
// Merges sorted runs of index keys, from memory and from disk, into one sorted stream.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "engine/storage/key_buffer_internal.h"
#include "engine/storage/run_file_internal.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace plumb::storage {

// One sorted source: a buffer, or a run of a file.
class KeySource {
  public:
    // requires a sorted buffer that outlives this
    explicit KeySource(const KeyBuffer& buffer) : buffer_(&buffer) {}
    explicit KeySource(RunReader reader) : reader_(std::move(reader)) {}

    [[nodiscard]] Result<bool> next();
    [[nodiscard]] const SortKey& key() const { return key_; }

  private:
    const KeyBuffer* buffer_ = nullptr;
    std::size_t index_ = 0;
    std::optional<RunReader> reader_;
    SortKey key_;
};

class KeyMerge {
  public:
    // Reads the first key of each source.
    [[nodiscard]] static Result<KeyMerge> open(std::vector<KeySource> sources);

    // The next key of all; false at the end. key() is valid until the next call.
    [[nodiscard]] Result<bool> next();
    [[nodiscard]] const SortKey& key() const { return sources_[heap_.front()].key(); }

  private:
    [[nodiscard]] bool is_less(std::size_t a, std::size_t b) const {
        return sources_[a].key().key_and_id < sources_[b].key().key_and_id;
    }
    void sift_down(std::size_t at);

    std::vector<KeySource> sources_;
    std::vector<std::size_t> heap_;  // of source numbers, the smallest key on top
    bool is_started_ = false;
};

}  // namespace plumb::storage
