// SPDX-License-Identifier: GPL-3.0-or-later
// The sort key of a row, from its document or from its index key.
//
// Threads  one thread.
#pragma once

#include "engine/exec/key_document.h"
#include "engine/query/sort_key.h"

#include <optional>
#include <string>

namespace plumb::exec {

class RowSortKey {
  public:
    explicit RowSortKey(bson::Document pattern) : spec_(std::move(pattern)) {}

    // The key into `out`. errors: as SortPattern's
    [[nodiscard]] Status make(const Row& row, std::string& out);

  private:
    bson::Document spec_;
    std::optional<query::SortPattern> pattern_;
    KeyDocument key_document_;
};

}  // namespace plumb::exec
