// SPDX-License-Identifier: GPL-3.0-or-later
// The collection that a write goes to.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "engine/exec/operation.h"
#include "engine/storage/collection.h"

#include <optional>
#include <string_view>

namespace plumb::exec {

// The collection as it is now; nothing if there is none.
//   errors  CommandNotSupportedOnView (166); OperationNotSupportedInTransaction (263) if it is
//           capped and the operation is part of a transaction
[[nodiscard]] Result<std::optional<storage::Collection>> find_target(const Operation& operation,
                                                                     std::string_view ns);

// The same, made if there is none.
//   errors  OperationNotSupportedInTransaction (263) if it would have to be made in a transaction
[[nodiscard]] Result<storage::Collection> make_target(Operation& operation, std::string_view ns);

// The same two without keeping the collection open: whoever does that must not ask for it again,
// since a drop that waits in between would hold up both.
[[nodiscard]] Result<bool> target_exists(const Operation& operation, std::string_view ns);
[[nodiscard]] Status ensure_target(Operation& operation, std::string_view ns);

// errors  IllegalOperation (20) if the collection is capped: only what is new removes from it
[[nodiscard]] Status check_removable(const Operation& operation, std::string_view ns);

// Runs a write with conflicts counted: engine.run_write for an operation. Inside of a transaction
// the write becomes part of that, and a conflict is the caller's.
[[nodiscard]] Status run_write(Operation& operation,
                               const std::function<Status(storage::Transaction&)>& body);

// Documents of one transaction of a write over many.
inline constexpr std::size_t kWriteChunkDocuments = 500;
inline constexpr std::size_t kWriteChunkBytes = 4 * 1024 * 1024;

}  // namespace plumb::exec
