// SPDX-License-Identifier: GPL-3.0-or-later
// The commands that the lock is made of. For this folder.
//
// Threads  pure functions.
#pragma once

#include "bson/document.h"
#include "tool/migrate/ledger/lock.h"

#include <cstdint>
#include <optional>

namespace plumb::migrate {

// Makes the lock document if there is none.
[[nodiscard]] bson::Document ensure_lock_command();

// Takes the lock if its lease is over, or if its fence is `from_fence` (a holder known to be dead).
// `now_ms`: by this clock; nothing: by the server's.
[[nodiscard]] bson::Document take_lock_command(const Runner& runner,
                                               const std::string& tool,
                                               std::optional<std::int64_t> from_fence,
                                               std::optional<std::int64_t> now_ms);

[[nodiscard]] bson::Document renew_lock_command(std::int64_t fence,
                                                std::optional<std::int64_t> now_ms);
// Gives the lock back; without a fence, takes it from anybody.
[[nodiscard]] bson::Document release_lock_command(std::optional<std::int64_t> fence);

// From the lock document. Nothing if nobody holds it.
[[nodiscard]] std::optional<Holder> holder_in(bson::View document);

}  // namespace plumb::migrate
