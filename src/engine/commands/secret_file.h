// SPDX-License-Identifier: GPL-3.0-or-later
// A secret of this server that outlives it: 32 random bytes in plumbd.secret of the data directory,
// readable for its owner only. It makes the salts that unknown users seem to have, which therefore
// stay the same over restarts, as real ones do.
//
// Threads  one thread at a time for one directory.
#pragma once

#include "base/result.h"

#include <string>

namespace plumb::commands {

// Reads the file, or makes it; with an empty directory a secret that nothing keeps.
//   errors  IoError naming the file, also if it is there and too short
[[nodiscard]] Result<std::string> read_or_make_secret(const std::string& data_directory);

}  // namespace plumb::commands
