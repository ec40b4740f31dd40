// SPDX-License-Identifier: GPL-3.0-or-later
// Writing a migration file into the project.
#pragma once

#include "base/result.h"
#include "cli/context.h"
#include "project/migration_file_text.h"

#include <filesystem>
#include <string_view>

namespace plumb::cli {

// One more than the highest number of the project's files.
[[nodiscard]] Result<int> next_version(Context& context);

// migrations/NNN_name.yaml with this text, and the schema beside it. Makes the folder.
//   errors  RefusedForSafety if the file is there; IoError
[[nodiscard]] Result<std::filesystem::path> write_migration(Context& context,
                                                            const project::MigrationHead& head,
                                                            std::string_view text);

// Says which file was written, and what to do next.
void say_written(Context& context, const std::filesystem::path& path, std::string_view next);

}  // namespace plumb::cli
