// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/limits.h"
#include "engine/exec/row_sort_key.h"
#include "engine/exec/row_spill.h"
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

    bool is_eof() const override {
        return sorted_ && (spilled_ ? merged_all_ : next_ == rows_.size());
    }

    void append_details(bson::Builder& out, bool counts) const override {
        out.append("sortPattern", kind_.pattern);
        if (counts) {
            out.append("memUsage", static_cast<std::int32_t>(bytes_));
            out.append("memLimit", static_cast<std::int32_t>(kSortMemoryBytes));
        }
        if (kind_.limit) {
            out.append("limitAmount", static_cast<std::int32_t>(*kind_.limit));
        }
        if (counts && spilled_) {
            out.append("usedDisk", true);
        }
    }

  private:
    Result<Work> do_work(Row& row) override {
        if (sorted_) {
            return spilled_ ? next_merged(row) : next_in_memory(row);
        }
        if (!begun_) {
            begun_ = true;
            return Work::NeedTime;
        }
        PLUMB_TRY(state, child().work(row));
        if (state == Work::End) {
            PLUMB_CHECK(finish());
        } else if (state == Work::Advanced) {
            PLUMB_CHECK(take(row));
        }
        return Work::NeedTime;
    }

    Work next_in_memory(Row& row) {
        if (next_ == rows_.size()) {
            return Work::End;
        }
        row = rows_[next_++].row.view();
        return Work::Advanced;
    }

    Result<Work> next_merged(Row& row) {
        merged_all_ = limit() != 0 && next_ == limit();
        if (!merged_all_) {
            PLUMB_TRY(merged, spill_.next(row));
            merged_all_ = !merged;
        }
        next_ += merged_all_ ? 0 : 1;
        return merged_all_ ? Work::End : Work::Advanced;
    }

    Status finish() {
        sorted_ = true;
        std::ranges::sort(rows_, std::less<>{});
        if (!spilled_) {
            return {};
        }
        PLUMB_CHECK(spill());
        return spill_.start_reading();
    }

    // 0: all rows are wanted.
    std::size_t limit() const {
        return kind_.limit ? static_cast<std::size_t>(std::max<std::int64_t>(*kind_.limit, 0)) : 0;
    }

    Status take(const Row& row) {
        SortedRow taken;
        PLUMB_CHECK(key_.make(row, taken.key));
        if (limit() != 0 && rows_.size() == limit()) {
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
        if (limit() != 0) {
            std::ranges::push_heap(rows_, std::less<>{});
        }
        return bytes_ > static_cast<std::size_t>(kSortMemoryBytes) ? make_room() : Status{};
    }

    Status make_room() {
        if (context().spill_folder.empty()) {
            return fail(
                ErrorCode::OperationFailed,
                fmt::format("Sort operation used more than the maximum {} bytes of RAM. Add "
                            "an index, or specify a smaller limit.",
                            kSortMemoryBytes));
        }
        std::ranges::sort(rows_, std::less<>{});
        return spill();
    }

    // Writes the rows, which are in order.
    Status spill() {
        spilled_ = true;
        context().used_disk = true;
        PLUMB_CHECK(spill_.begin_file(context().spill_folder));
        for (const SortedRow& each : rows_) {
            PLUMB_CHECK(spill_.append(each.key, each.row.view()));
        }
        rows_.clear();
        bytes_ = 0;
        return {};
    }

    const plan::Sort& kind_;
    RowSortKey key_;
    std::vector<SortedRow> rows_;
    RowSpill spill_;
    std::size_t bytes_ = 0;
    std::size_t next_ = 0;  // rows given
    bool begun_ = false;
    bool sorted_ = false;
    bool spilled_ = false;
    bool merged_all_ = false;
};

}  // namespace

RunningStagePtr make_sort(const plan::PlanNode& node, const plan::Sort& kind, RunContext& context) {
    return std::make_unique<SortStage>(node, kind, context);
}

}  // namespace plumb::exec
