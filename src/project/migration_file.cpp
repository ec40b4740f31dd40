// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/migration_file.h"

#include "bson/builder.h"
#include "bson/hash.h"
#include "project/migration_file_internal.h"
#include "project/migration_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>

namespace plumb::project {
namespace {

constexpr int kVersionMax = 999999;

// The digits before the underscore of a file name; nothing if it is not NNN_name.yaml.
std::optional<int> version_of_file(const std::filesystem::path& path) {
    const std::string stem = path.stem().string();
    const auto version = parse_version(stem.substr(0, stem.find('_')));
    if (!version.ok() || stem.find('_') == std::string::npos) {
        return {};
    }
    return *version;
}

bool is_yaml(const std::filesystem::path& path) {
    return path.extension() == ".yaml" || path.extension() == ".yml";
}

Error misnamed(const std::filesystem::path& path) {
    return fail(ErrorCode::ProjectFileInvalid,
                fmt::format("{}: a migration is named NNN_name.yaml", path.string()));
}

Result<MigrationFile> read_file(const std::filesystem::path& path) {
    PLUMB_TRY(root, load_yaml_file(path));
    return read_migration(root, path);
}

}  // namespace

std::string version_text(int version) {
    return fmt::format("{:03}", version);
}

Result<int> parse_version(std::string_view text) {
    int version = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), version);
    if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size() ||
        version < 1 || version > kVersionMax) {
        return fail(ErrorCode::UsageError,
                    fmt::format("'{}' is no version; write a number such as 003", text));
    }
    return version;
}

std::string MigrationFile::number() const {
    return version_text(version);
}

bson::Document MigrationFile::canonical() const {
    bson::Builder out;
    out.append("version", version);
    out.append("name", name);
    out.begin_array("up");
    for (const Operation& operation : up) {
        out.push_document();
        append_canonical(out, operation);
        out.end();
    }
    out.end();
    return out.finish();
}

std::string MigrationFile::checksum() const {
    return fmt::format("{:016x}", bson::hash_bytes(canonical().bytes()));
}

bool MigrationFile::allows(std::string_view code) const {
    return std::any_of(
        allow.begin(), allow.end(), [code](const AllowedCode& each) { return each.code == code; });
}

Result<MigrationFile> read_migration(const YamlNode& root, const std::filesystem::path& path) {
    PLUMB_CHECK(check_keys(root, file_keys()));
    MigrationFile out;
    out.path = path;
    PLUMB_TRY(version_node, root.at("version"));
    out.version_position = version_node.position();
    auto version = parse_version(version_node.text());
    if (!version.ok()) {
        return fail_at(version_node.position(), version.error().message());
    }
    out.version = *version;
    if (const auto named = version_of_file(path); named.has_value() && *named != out.version) {
        return fail_at(version_node.position(),
                       fmt::format("version {} in a file named {}", out.version, *named));
    }
    PLUMB_TRY(name_node, root.at("name"));
    PLUMB_TRY(name, name_node.as_string());
    out.name = std::move(name);
    std::string spaced = out.name;
    std::replace(spaced.begin(), spaced.end(), '_', ' ');
    PLUMB_TRY(title, root.string_or("title", spaced));
    out.title = std::move(title);
    PLUMB_TRY(description, root.string_or("description", ""));
    out.description = std::move(description);
    if (const YamlNode* allow = root.find("allow")) {
        for (const YamlNode& code : allow->items()) {
            out.allow.push_back({code.text(), code.position()});
        }
    }
    PLUMB_TRY(up, root.at("up"));
    if (up.items().empty()) {
        return fail_at(up.position(), "'up' is a list of at least one operation");
    }
    for (const YamlNode& item : up.items()) {
        PLUMB_TRY(operation, read_operation(item));
        out.up.push_back(std::move(operation));
    }
    return out;
}

std::vector<ScannedMigration> scan_migrations(const std::filesystem::path& directory) {
    std::vector<ScannedMigration> out;
    std::error_code failed;
    std::filesystem::directory_iterator files{directory, failed};
    if (failed) {
        return out;
    }
    for (const auto& entry : files) {
        const std::filesystem::path& path = entry.path();
        if (!is_yaml(path)) {
            continue;
        }
        const std::optional<int> version = version_of_file(path);
        out.push_back(
            {path,
             version.value_or(0),
             version.has_value() ? read_file(path) : Result<MigrationFile>{misnamed(path)}});
    }
    std::sort(out.begin(), out.end(), [](const ScannedMigration& a, const ScannedMigration& b) {
        return std::tie(a.version, a.path) < std::tie(b.version, b.path);
    });
    return out;
}

Result<std::vector<MigrationFile>> load_migrations(const std::filesystem::path& directory) {
    std::vector<MigrationFile> out;
    for (ScannedMigration& scanned : scan_migrations(directory)) {
        PLUMB_TRY(file, std::move(scanned.file));
        if (!out.empty() && out.back().version == file.version) {
            return fail(ErrorCode::ProjectFileInvalid,
                        fmt::format("{} and {} have the same version",
                                    out.back().path.string(),
                                    file.path.string()));
        }
        out.push_back(std::move(file));
    }
    return out;
}

}  // namespace plumb::project
