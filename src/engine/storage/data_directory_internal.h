// SPDX-License-Identifier: GPL-3.0-or-later
// The data directory as files: it is made private, marked with the version of its format, and
// refused, unchanged, if it bears another one.
//
// Format   docs/formats/data_directory.md "Files"
// Threads  one thread.
#pragma once

#include "base/result.h"

#include <filesystem>

namespace plumb::storage {

inline constexpr int kDataVersion = 1;

// Makes the directory (mode 0700), or checks that an existing one is ours and of this version.
//   errors  DataVersionMismatch; IoError
[[nodiscard]] Status prepare_data_directory(const std::filesystem::path& directory);

// Where builds spill; emptied at every open. requires that we hold the directory
[[nodiscard]] std::filesystem::path temporary_directory(const std::filesystem::path& directory);
[[nodiscard]] Status empty_temporary_directory(const std::filesystem::path& directory);

}  // namespace plumb::storage
