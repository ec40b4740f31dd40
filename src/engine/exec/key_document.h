// SPDX-License-Identifier: GPL-3.0-or-later
// An index entry as the part of a document that it holds: the key of {a: 1, "b.c": 1} as
// {a: 5, b: {c: 7}}.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "bson/builder.h"
#include "engine/exec/row.h"

#include <string_view>
#include <vector>

namespace plumb::exec {

class KeyDocument {
  public:
    // The row's key, decoded; valid until the next call. requires row.index
    [[nodiscard]] Result<bson::View> decode(const Row& row);

  private:
    const storage::IndexState* index_ = nullptr;  // what names_ belongs to
    std::vector<std::string> names_;
    bool nested_ = false;
    bson::Builder flat_;
    bson::Builder out_;
};

}  // namespace plumb::exec
