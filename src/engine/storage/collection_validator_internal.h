// SPDX-License-Identifier: GPL-3.0-or-later
// Compares the records of a collection with its index entries, both ways.
//
// First by sums: the hashes of all entries that the records ask for, against those that are there.
// Only where they differ each one is looked up, to say which.
//
// Threads  one thread.
#pragma once

#include "base/interrupt.h"
#include "base/result.h"
#include "engine/storage/cursors.h"
#include "engine/storage/live_collection_internal.h"
#include "engine/storage/transaction.h"

#include <cstdint>
#include <string>
#include <vector>

namespace plumb::storage {

class CollectionValidator {
  public:
    CollectionValidator(Transaction& transaction, const WriteView& view, Interrupt& interrupt)
        : transaction_(transaction), view_(view), interrupt_(interrupt) {}

    // A line for each disagreement, at most kProblemsMax.
    [[nodiscard]] Result<std::vector<std::string>> run();

    static constexpr std::size_t kProblemsMax = 1000;

  private:
    struct Sum {
        std::uint64_t hashes = 0;
        std::int64_t count = 0;
        bool operator==(const Sum&) const = default;
        void add(std::string_view key, RecordId id, std::string_view type_bits);
    };
    [[nodiscard]] Status sum_records();
    void sum_document(const Record& record);
    [[nodiscard]] Result<Sum> sum_entries(const IndexState& index);
    [[nodiscard]] Status find_missing(std::size_t index);
    [[nodiscard]] Status find_extra(std::size_t index);
    [[nodiscard]] Result<bool> is_wanted(std::size_t index,
                                         const IndexEntry& entry,
                                         RecordCursor& records);
    void complain(std::string line);
    [[nodiscard]] bool is_full() const { return problems_.size() >= kProblemsMax; }

    Transaction& transaction_;
    const WriteView& view_;
    Interrupt& interrupt_;
    std::vector<Sum> wanted_;
    std::vector<std::string> problems_;
    bson::MadeKeys keys_;
};

}  // namespace plumb::storage
