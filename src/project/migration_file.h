// SPDX-License-Identifier: GPL-3.0-or-later
// migrations/003_add_indexes.yaml: one step of the database, with its way back derived.
//
//   version: 3
//   name: add_indexes
//   title: Add database indexes
//   up:
//     - create_indexes:
//         collection: users
//         indexes:
//           - {key: {email: 1}, unique: true, purpose: log-in}
//
// Source   spec 04 "Format"
// Threads  value types.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "project/index_definition.h"
#include "project/migration_operations.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::project {

// A lint code that the file says is meant to be so.
struct AllowedCode {
    std::string code;
    Position position;
};

struct MigrationFile {
    std::filesystem::path path;
    int version = 0;
    Position version_position;
    std::string name;
    std::string title;  // the name with spaces if the file has none
    std::string description;
    std::vector<AllowedCode> allow;
    std::vector<Operation> up;

    [[nodiscard]] bool allows(std::string_view code) const;

    // "003"
    [[nodiscard]] std::string number() const;
    // {version, name, up} without comments, purposes and layout: what the checksum is made of.
    [[nodiscard]] bson::Document canonical() const;
    // 16 hexadecimal digits that change when what the migration does changes.
    [[nodiscard]] std::string checksum() const;
};

// "003", "1200"
[[nodiscard]] std::string version_text(int version);
// From "3" or "003". errors: UsageError
[[nodiscard]] Result<int> parse_version(std::string_view text);

// errors  ProjectFileInvalid with the position for whatever is wrong in the file
[[nodiscard]] Result<MigrationFile> read_migration(const YamlNode& root,
                                                   const std::filesystem::path& path);

// All NNN_name.yaml of a folder, by version. An absent folder has none.
//   errors  as read_migration; two files of one version; a .yaml that is not named NNN_name.yaml
[[nodiscard]] Result<std::vector<MigrationFile>> load_migrations(
    const std::filesystem::path& directory);

// One file of a folder of migrations, readable or not.
struct ScannedMigration {
    std::filesystem::path path;
    int version = 0;  // by its name; 0 if that has none
    Result<MigrationFile> file;
};

// All .yaml files of a folder, by version, then name; an absent folder has none.
[[nodiscard]] std::vector<ScannedMigration> scan_migrations(const std::filesystem::path& directory);

}  // namespace plumb::project
