// SPDX-License-Identifier: GPL-3.0-or-later
// Logs a single update or delete of a batch if it was slow, as MongoDB does: {q, u, multi, upsert}.
//
//   const StatementLog log{context, "update", statement};   // looks at its end
//
// Threads  one thread.
#pragma once

#include "bson/document.h"
#include "engine/commands/command.h"

#include <chrono>
#include <string_view>

namespace plumb::commands {

class StatementLog {
  public:
    // `type` is "update" or "remove".
    StatementLog(CommandContext& context, std::string_view type, bson::View statement);
    StatementLog(const StatementLog&) = delete;
    StatementLog& operator=(const StatementLog&) = delete;
    ~StatementLog();

  private:
    CommandContext& context_;
    std::string_view type_;
    bson::View statement_;
    std::chrono::nanoseconds begun_;
    exec::OperationStatistics before_;
};

}  // namespace plumb::commands
