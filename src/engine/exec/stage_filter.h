// SPDX-License-Identifier: GPL-3.0-or-later
// The filter of a plan node, ready to be asked.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "engine/plan/plan_node.h"
#include "engine/query/matcher.h"

#include <optional>

namespace plumb::exec {

class StageFilter {
  public:
    explicit StageFilter(const plan::PlanNode& node) {
        if (node.filter) {
            matcher_.emplace(*node.filter);
        }
    }
    [[nodiscard]] bool present() const { return matcher_.has_value(); }
    // True for every document if the node has no filter.
    [[nodiscard]] Result<bool> accepts(bson::View document) const {
        return matcher_ ? matcher_->check(document) : Result<bool>{true};
    }

  private:
    std::optional<query::Matcher> matcher_;
};

}  // namespace plumb::exec
