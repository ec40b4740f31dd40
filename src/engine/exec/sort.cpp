// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/limits.h"
#include "engine/exec/row_sort_key.h"
#include "engine/exec/stages.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace plumb::exec {
namespace {

struct SortedRow {
    std::string key;
    OwnedRow row;

    // Rows with equal keys stay in the order of their records.
    bool operator<(const SortedRow& other) const {
        const int order = key.compare(other.key);
        return order != 0 ? order < 0 : row.id() < other.row.id();
    }
    std::size_t bytes() const { return key.size() + row.bytes(); }
};

class SortStage final : public RunningStage {
  public:
    SortStage(const plan::PlanNode& node, const plan::Sort& kind, RunContext& context)
        : RunningStage(node, context), kind_(kind), key_(kind.pattern) {}

    bool is_eof() const override { return sorted_ && next_ == rows_.size(); }

    void append_details(bson::Builder& out, bool counts) const override {
        out.append("sortPattern", kind_.pattern);
        if (counts) {
            out.append("memUsage", static_cast<std::int32_t>(bytes_));
            out.append("memLimit", static_cast<std::int32_t>(kSortMemoryBytes));
        }
        if (kind_.limit) {
            out.append("limitAmount", static_cast<std::int32_t>(*kind_.limit));
        }
    }

  private:
    Result<Work> do_work(Row& row) override {
        if (sorted_) {
            if (next_ == rows_.size()) {
                return Work::End;
            }
            row = rows_[next_++].row.view();
            return Work::Advanced;
        }
        if (!begun_) {
            begun_ = true;
            return Work::NeedTime;
        }
        PLUMB_TRY(state, child().work(row));
        if (state == Work::End) {
            std::ranges::sort(rows_, std::less<>{});
            sorted_ = true;
        } else if (state == Work::Advanced) {
            PLUMB_CHECK(take(row));
        }
        return Work::NeedTime;
    }

    Status take(const Row& row) {
        SortedRow taken;
        PLUMB_CHECK(key_.make(row, taken.key));
        const std::size_t limit =
            kind_.limit ? static_cast<std::size_t>(std::max<std::int64_t>(*kind_.limit, 0)) : 0;
        if (limit != 0 && rows_.size() == limit) {
            // The greatest of the rows kept is at the front of the heap.
            const int order = taken.key.compare(rows_.front().key);
            if (order > 0 || (order == 0 && rows_.front().row.id() < row.id)) {
                return {};
            }
            std::ranges::pop_heap(rows_, std::less<>{});
            bytes_ -= rows_.back().bytes();
            rows_.pop_back();
        }
        taken.row = OwnedRow{row};
        bytes_ += taken.bytes();
        rows_.push_back(std::move(taken));
        if (limit != 0) {
            std::ranges::push_heap(rows_, std::less<>{});
        }
        if (bytes_ > static_cast<std::size_t>(kSortMemoryBytes)) {
            return fail(
                ErrorCode::OperationFailed,
                fmt::format("Sort operation used more than the maximum {} bytes of RAM. Add "
                            "an index, or specify a smaller limit.",
                            kSortMemoryBytes));
        }
        return {};
    }

    const plan::Sort& kind_;
    RowSortKey key_;
    std::vector<SortedRow> rows_;
    std::size_t bytes_ = 0;
    std::size_t next_ = 0;
    bool begun_ = false;
    bool sorted_ = false;
};

}  // namespace

RunningStagePtr make_sort(const plan::PlanNode& node, const plan::Sort& kind, RunContext& context) {
    return std::make_unique<SortStage>(node, kind, context);
}

}  // namespace plumb::exec
