// SPDX-License-Identifier: GPL-3.0-or-later
// The statements of a write that carries a txnNumber outside of a transaction: each is done once,
// however often the command comes. Where a write is none of those, statements just run.
//
//   RetryableWrite retryable{context};
//   if (const DoneStatements* done = retryable.find_done(index)) { … }   // give what it did then
//   PLUMB_CHECK(retryable.run([&]() { … }));                             // do and note it
//
// Source   MongoDB driver specification "Retryable Writes"
// Threads  as CommandContext.
#pragma once

#include "base/result.h"
#include "engine/commands/command.h"
#include "engine/commands/session_record.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace plumb::commands {

class RetryableWrite {
  public:
    explicit RetryableWrite(CommandContext& context);
    RetryableWrite(const RetryableWrite&) = delete;
    RetryableWrite& operator=(const RetryableWrite&) = delete;
    ~RetryableWrite();

    [[nodiscard]] bool is_active() const { return is_active_; }

    // The number of the command's statement `index`: of stmtIds, or counted from stmtId, or from 0.
    [[nodiscard]] std::int32_t statement(std::size_t index) const;
    // How many statements from `first` on, at most `count`, have rising numbers and are not done.
    [[nodiscard]] std::size_t new_ones(std::size_t first, std::size_t count) const;
    // What statement `index` did when the command came before; null if it did not, or if this is no
    // retryable write.
    [[nodiscard]] const DoneStatements* find_done(std::size_t index);

    // Does `body` once and notes what it gives as done, both or neither; on a conflict `body` is
    // run again from the start. Nothing given: nothing is noted.
    //   requires  is_active(); the collection that is written to exists
    using Body = std::function<Result<std::optional<DoneStatements>>()>;
    [[nodiscard]] Status run(const Body& body);

  private:
    CommandContext& context_;
    bool is_active_;
    std::vector<std::int32_t> numbers_;  // stmtIds
    std::int64_t retried_ = 0;
};

// The outcome of statement `index` as a document: as remembered, or what `body` gives. Inside of a
// transaction and in a write that is not retryable `body` just runs.
//   makes_collection  `body` may make the collection `ns`, which a transaction must not
struct SingleStatement {
    std::size_t index = 0;
    std::string_view ns;
    bool makes_collection = false;
};
[[nodiscard]] Result<bson::Document> run_single_statement(
    RetryableWrite& retryable,
    exec::Operation& operation,
    const SingleStatement& statement,
    const std::function<Result<bson::Document>()>& body);

}  // namespace plumb::commands
