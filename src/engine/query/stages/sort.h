// SPDX-License-Identifier: GPL-3.0-or-later
// $sort, which the shaping of a pipeline tells about limits.
//
// Threads  one thread.
#pragma once

#include "engine/query/sort_key.h"
#include "engine/query/stages/sorter.h"
#include "engine/query/stages/stage_parser.h"

namespace plumb::query {

class SortStage final : public SourcedStage {
  public:
    SortStage(SortPattern pattern, const PipelineContext& context)
        : pattern_(std::move(pattern)), context_(context), sorter_(context) {}
    [[nodiscard]] Result<std::optional<bson::View>> next() override;
    void append_explain(bson::Builder& out) const override;
    bool add_dependencies(Dependencies& out) const override;
    void restart() override {
        sorter_.restart();
        read_ = false;
    }
    void set_limit(std::int64_t limit) {
        limit_ = limit;
        sorter_.set_limit(limit);
    }

  private:
    [[nodiscard]] Status read_all();
    [[nodiscard]] Status make_key(bson::View document, std::string& key) const;

    SortPattern pattern_;
    const PipelineContext& context_;
    Sorter sorter_;
    std::optional<std::int64_t> limit_;
    bool read_ = false;
};

// The pattern of a $sort stage.
//   errors  15973 no object, 15974 an order that is no number, 15975 one other than 1 and -1,
//           15976 an empty pattern
[[nodiscard]] Result<SortPattern> parse_sort_spec(bson::ValueView spec);

}  // namespace plumb::query
