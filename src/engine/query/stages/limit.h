// SPDX-License-Identifier: GPL-3.0-or-later
// $limit and $skip, which the shaping of a pipeline looks into.
//
// Threads  one thread.
#pragma once

#include "engine/query/stages/stage_parser.h"

namespace plumb::query {

class LimitStage final : public SourcedStage {
  public:
    explicit LimitStage(std::int64_t limit) : limit_(limit) {}
    [[nodiscard]] Result<std::optional<bson::View>> next() override;
    void append_explain(bson::Builder& out) const override;
    bool add_dependencies(Dependencies& out) const override;
    void restart() override { given_ = 0; }
    [[nodiscard]] std::int64_t limit() const { return limit_; }

  private:
    std::int64_t limit_;
    std::int64_t given_ = 0;
};

class SkipStage final : public SourcedStage {
  public:
    explicit SkipStage(std::int64_t skip) : skip_(skip) {}
    [[nodiscard]] Result<std::optional<bson::View>> next() override;
    void append_explain(bson::Builder& out) const override;
    bool add_dependencies(Dependencies& out) const override;
    void restart() override { skipped_ = 0; }
    [[nodiscard]] std::int64_t skip() const { return skip_; }

  private:
    std::int64_t skip_;
    std::int64_t skipped_ = 0;
};

}  // namespace plumb::query
