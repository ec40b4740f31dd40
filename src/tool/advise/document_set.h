// SPDX-License-Identifier: GPL-3.0-or-later
// A set of documents of a sample, one bit each: which of them a condition holds for. Any index can
// be judged by intersecting such sets, without looking at a document again.
//
// Memory   copies share their bits until one of them is changed: thousands of queries that ask for
//          the same value hold one set.
// Threads  a value type; copies of one set may not be changed by two threads at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace plumb::advise {

class DocumentSet {
  public:
    DocumentSet() = default;
    // All of `size` documents, or none.
    DocumentSet(std::size_t size, bool all)
        : words_(std::make_shared<Words>((size + 63) / 64, all ? ~std::uint64_t{0} : 0)) {
        if (all && size % 64 != 0) {
            words_->back() = (std::uint64_t{1} << (size % 64)) - 1;
        }
    }

    void add(std::size_t index) { own()[index / 64] |= std::uint64_t{1} << (index % 64); }
    [[nodiscard]] bool has(std::size_t index) const {
        return words_ != nullptr && ((*words_)[index / 64] >> (index % 64) & 1U) != 0;
    }
    void intersect(const DocumentSet& other) {
        Words& words = own();
        for (std::size_t word = 0; word < words.size(); ++word) {
            words[word] &= (*other.words_)[word];
        }
    }
    void unite(const DocumentSet& other) {
        Words& words = own();
        for (std::size_t word = 0; word < words.size(); ++word) {
            words[word] |= (*other.words_)[word];
        }
    }
    [[nodiscard]] std::size_t count() const {
        std::size_t out = 0;
        if (words_ != nullptr) {
            for (const std::uint64_t word : *words_) {
                out += ones(word);
            }
        }
        return out;
    }

  private:
    using Words = std::vector<std::uint64_t>;

    // std::popcount is a call of a table look-up where the processor's instruction may not be used.
    static constexpr std::size_t ones(std::uint64_t word) {
        word -= word >> 1U & 0x5555'5555'5555'5555ULL;
        word = (word & 0x3333'3333'3333'3333ULL) + (word >> 2U & 0x3333'3333'3333'3333ULL);
        word = (word + (word >> 4U)) & 0x0F0F'0F0F'0F0F'0F0FULL;
        return static_cast<std::size_t>(word * 0x0101'0101'0101'0101ULL >> 56U);
    }

    Words& own() {
        if (words_ == nullptr) {
            words_ = std::make_shared<Words>();
        } else if (words_.use_count() > 1) {
            words_ = std::make_shared<Words>(*words_);
        }
        return *words_;
    }

    std::shared_ptr<Words> words_;  // shared by copies of a set
};

}  // namespace plumb::advise
