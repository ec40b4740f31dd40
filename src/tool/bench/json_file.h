// SPDX-License-Identifier: GPL-3.0-or-later
// One BSON document as a file of extended JSON.
//
// Threads  pure functions but for the file.
#pragma once

#include "base/result.h"
#include "bson/document.h"

#include <filesystem>

namespace plumb::bench {

// Written aside and moved into place: a reader never meets half a file. Makes the folder.
//   errors  IoError
[[nodiscard]] Status save_document(bson::View document, const std::filesystem::path& path);

// errors  IoError; FailedToParse; both name the file
[[nodiscard]] Result<bson::Document> load_document(const std::filesystem::path& path);

}  // namespace plumb::bench
