// SPDX-License-Identifier: GPL-3.0-or-later
// A set of documents of a sample, one bit each: which of them a condition holds for. Any index can
// be judged by intersecting such sets, without looking at a document again.
//
// Threads  a value type.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace plumb::advise {

class DocumentSet {
  public:
    DocumentSet() = default;
    // All of `size` documents, or none.
    DocumentSet(std::size_t size, bool all)
        : words_((size + 63) / 64, all ? ~std::uint64_t{0} : 0) {
        if (all && size % 64 != 0) {
            words_.back() = (std::uint64_t{1} << (size % 64)) - 1;
        }
    }

    void add(std::size_t index) { words_[index / 64] |= std::uint64_t{1} << (index % 64); }
    [[nodiscard]] bool has(std::size_t index) const {
        return (words_[index / 64] >> (index % 64) & 1U) != 0;
    }
    void intersect(const DocumentSet& other) {
        for (std::size_t word = 0; word < words_.size(); ++word) {
            words_[word] &= other.words_[word];
        }
    }
    void unite(const DocumentSet& other) {
        for (std::size_t word = 0; word < words_.size(); ++word) {
            words_[word] |= other.words_[word];
        }
    }
    [[nodiscard]] std::size_t count() const {
        std::size_t out = 0;
        for (const std::uint64_t word : words_) {
            out += static_cast<std::size_t>(std::popcount(word));
        }
        return out;
    }

  private:
    std::vector<std::uint64_t> words_;
};

}  // namespace plumb::advise
