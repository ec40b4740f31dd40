// SPDX-License-Identifier: GPL-3.0-or-later
// Running a query: parse, plan, trial, and documents one after the other; with or without explain.
//
//   PLUMB_TRY(cursor, open_find(operation, request));
//   while (true) { PLUMB_TRY(document, cursor->next()); if (!document) break; … }
//
// Threads  one thread at a time. A cursor may be handed to another thread between save() and
//          restore().
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "engine/exec/operation.h"
#include "engine/query/stage.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace plumb::storage {
class CappedNews;
}

namespace plumb::exec {

// A find as the command has it. Documents are owned, so that a cursor outlives its command.
struct FindRequest {
    std::string ns;
    bson::Document filter;
    bson::Document sort;
    bson::Document projection;
    bson::Value hint;  // Missing: none
    std::optional<bson::Document> min;
    std::optional<bson::Document> max;
    std::optional<std::int64_t> skip;
    std::optional<std::int64_t> limit;
    bool return_key = false;
    bool show_record_id = false;
    bool allow_disk_use = false;
    bool tailable = false;  // at the end the cursor waits for more; only of a capped collection
};

enum class Verbosity : std::uint8_t { QueryPlanner, ExecutionStats, AllPlansExecution };

// A running query or pipeline; what a server-side cursor holds.
class QueryCursor : public query::DocumentSource {
  public:
    // Binds the cursor to the operation that asks for the next batch; call before restore().
    virtual void attach(Operation& operation) = 0;
    // "IXSCAN { a: 1 }", "COLLSCAN", …
    [[nodiscard]] virtual std::string plan_summary() const = 0;
    // By what a tailable cursor is told of more; null for all others.
    [[nodiscard]] virtual std::shared_ptr<storage::CappedNews> news() const { return nullptr; }
};

// A collection that does not exist gives an empty cursor, a view its pipeline's.
[[nodiscard]] Result<std::unique_ptr<QueryCursor>> open_find(Operation& operation,
                                                             FindRequest request);

// The reply of explain without `ok` and `serverInfo`: queryPlanner, and executionStats if asked.
[[nodiscard]] Result<bson::Document> explain_find(Operation& operation,
                                                  const FindRequest& request,
                                                  Verbosity verbosity);

// count: number of matches after skip and limit (negative limit counts as its absolute value).
[[nodiscard]] Result<std::int64_t> count_documents(Operation& operation,
                                                   const FindRequest& request);
[[nodiscard]] Result<bson::Document> explain_count(Operation& operation,
                                                   const FindRequest& request,
                                                   Verbosity verbosity);

// distinct: the values of `field`, in the order that MongoDB finds them; arrays unwound.
//   errors  17217 past 16 MB of values
[[nodiscard]] Result<bson::Value> distinct_values(Operation& operation,
                                                  const FindRequest& request,
                                                  const std::string& field);
[[nodiscard]] Result<bson::Document> explain_distinct(Operation& operation,
                                                      const FindRequest& request,
                                                      const std::string& field,
                                                      Verbosity verbosity);

}  // namespace plumb::exec
