// SPDX-License-Identifier: GPL-3.0-or-later
// What a command may be while it carries a txnNumber.
//
// Source   MongoDB manual 4.2, "Transactions and Operations"
// Threads  pure functions.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "engine/commands/command.h"

namespace plumb::commands {

// Part of a transaction.
//   errors  OperationNotSupportedInTransaction (263) for the command, its database or a stage of
//   its
//           pipeline; InvalidOptions (72) for a write concern before the commit, or a read concern
//           after the first command
[[nodiscard]] Status check_in_transaction(const CommandRow& row,
                                          const GenericFields& generic,
                                          bson::View command);

// A retryable write. errors: 50768 for a command that is none
[[nodiscard]] Status check_retryable(const CommandRow& row);

}  // namespace plumb::commands
