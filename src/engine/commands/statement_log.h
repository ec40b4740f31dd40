// SPDX-License-Identifier: GPL-3.0-or-later
// Logs and profiles a single update or delete of a batch, as MongoDB does: {q, u, multi, upsert}.
//
//   const StatementLog log{context, "update", statement};   // looks at its end
//
// Threads  one thread.
#pragma once

#include "bson/document.h"
#include "engine/commands/command.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace plumb::commands {

class StatementLog {
  public:
    // `type` is "update" or "remove".
    StatementLog(CommandContext& context, std::string_view type, bson::View statement);
    StatementLog(const StatementLog&) = delete;
    StatementLog& operator=(const StatementLog&) = delete;
    ~StatementLog();

    void failed(const Error& error) { error_ = error; }

    // The counts of an operation when the statement began.
    struct Counts {
        std::int64_t keys_examined = 0;
        std::int64_t docs_examined = 0;
        std::int64_t keys_inserted = 0;
        std::int64_t keys_deleted = 0;
        std::int64_t documents_updated = 0;
        std::int64_t documents_matched = 0;
        std::int64_t documents_deleted = 0;
        std::int64_t write_conflicts = 0;
    };

  private:
    CommandContext& context_;
    std::string_view type_;
    bson::View statement_;
    std::chrono::nanoseconds begun_;
    Counts before_;
    std::optional<Error> error_;
};

}  // namespace plumb::commands
