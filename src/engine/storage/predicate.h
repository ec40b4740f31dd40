// SPDX-License-Identifier: GPL-3.0-or-later
// Storage knows no query language, yet a partial index holds only documents that match a filter.
// Whoever opens the engine hands in how such a filter is read.
#pragma once

#include "base/result.h"
#include "bson/document.h"

#include <functional>
#include <memory>

namespace plumb::storage {

// Says for a document whether it belongs. Threads: const from many.
class Predicate {
  public:
    virtual ~Predicate() = default;
    [[nodiscard]] virtual bool accepts(bson::View document) const = 0;
};

// Reads a filter such as {status: "active"}; CannotCreateIndex (67) or the parser's own error.
using PredicateFactory = std::function<Result<std::unique_ptr<Predicate>>(bson::View filter)>;

}  // namespace plumb::storage
