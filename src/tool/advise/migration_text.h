// SPDX-License-Identifier: GPL-3.0-or-later
// The advice as a migration file: what is to be added, and what may go once that is there.
//
//   const std::string text = migration_text(advice, {7, "advised_indexes", "…"}, Drops::Comments);
//
// The same advice gives the same text.
//
// Threads  pure functions.
#pragma once

#include "project/migration_file_text.h"
#include "tool/advise/advice.h"

#include <cstdint>
#include <string>

namespace plumb::advise {

// What becomes of the indexes that the advice would drop.
enum class Drops : std::uint8_t {
    Comments,    // named, with the reason; nothing drops them
    Operations,  // dropped after the new ones are built
};

// True if the file would have an operation.
[[nodiscard]] bool has_operations(const Advice& advice, Drops drops);

[[nodiscard]] std::string migration_text(const Advice& advice,
                                         const project::MigrationHead& head,
                                         Drops drops);

}  // namespace plumb::advise
