// SPDX-License-Identifier: GPL-3.0-or-later
// The sample by field: each path's values in order, made when first asked for, so that an equality
// or a range finds its documents without reading all of them. Sets once found are kept.
//
//   Columns columns{sample};
//   PLUMB_TRY(set, columns.matching(condition));
//
// Memory   16 bytes and a view a value of each path that is asked for; one bit a document for each
//          distinct condition.
// Threads  one thread (it remembers).
#pragma once

#include "base/result.h"
#include "bson/value.h"
#include "tool/advise/document_set.h"
#include "tool/advise/sample.h"
#include "tool/advise/split_filter.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace plumb::advise {

struct ColumnValue {
    bson::ValueView value;  // of a document of the sample
    std::uint32_t row = 0;
};

// What a path holds: the elements of arrays one by one, without the arrays.
struct Column {
    std::vector<ColumnValue> values;   // in MongoDB's order; no missing ones and no nulls
    std::vector<std::uint32_t> ranks;  // [row]: where the first value of a document stands
    bool has_nan = false;
    bool has_arrays = false;  // at the end of the path
    bool has_many = false;    // some document has several values

    static constexpr std::uint32_t kNowhere = 0xFFFF'FFFF;
};

class Columns {
  public:
    // The sample outlives it.
    explicit Columns(const CollectionSample& sample) : sample_(sample) {}

    [[nodiscard]] const CollectionSample& sample() const { return sample_; }
    [[nodiscard]] const Column& column(const std::string& path);

    // [row]: a hash of what stands at the path, the same for equal values.
    [[nodiscard]] const std::vector<std::uint64_t>& hashes(const std::string& path);

    // The documents that meet a condition on one path.
    //   errors  the matcher's, for a filter that no server would take
    [[nodiscard]] Result<DocumentSet> matching(const SplitCondition& condition);
    // The documents that meet any filter.
    [[nodiscard]] Result<DocumentSet> matching(bson::View filter);

  private:
    [[nodiscard]] bool by_column(const SplitCondition& condition, DocumentSet& out);

    const CollectionSample& sample_;
    std::unordered_map<std::string, Column> columns_;
    std::unordered_map<std::string, std::vector<std::uint64_t>> hashes_;
    std::unordered_map<std::string, DocumentSet> known_;  // by the bytes of the filter
};

}  // namespace plumb::advise
