// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/migration_file.h"

#include "bson/builder.h"
#include "bson/hash.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace plumb::project {
namespace {

constexpr int kVersionMax = 999999;

using ReadOperation = Status (*)(const YamlNode& body, Operation& out);

Status read_collection(const YamlNode& body, Operation& out) {
    PLUMB_TRY(node, body.at("collection"));
    PLUMB_TRY(name, node.as_string());
    if (name.empty() || name.front() == '.' || name.find('$') != std::string::npos ||
        name.find('\0') != std::string::npos) {
        return fail_at(node.position(), fmt::format("'{}' is no name of a collection", name));
    }
    out.collection = std::move(name);
    return {};
}

Status read_create_indexes(const YamlNode& body, Operation& out) {
    PLUMB_CHECK(body.only_keys({"collection", "indexes"}));
    PLUMB_CHECK(read_collection(body, out));
    PLUMB_TRY(list, body.at("indexes"));
    if (list.items().empty()) {
        return fail_at(list.position(), "'indexes' is a list of at least one index");
    }
    CreateIndexes create;
    for (const YamlNode& item : list.items()) {
        PLUMB_CHECK(item.only_keys({"key",
                                    "name",
                                    "unique",
                                    "sparse",
                                    "partial",
                                    "expire_after",
                                    "hidden",
                                    "collation",
                                    "purpose"}));
        PLUMB_TRY(index, read_index(item));
        for (const IndexDefinition& other : create.indexes) {
            if (other.name == index.name || differences(index, other).empty()) {
                return fail_at(item.position(),
                               fmt::format("{} stands in this operation twice", index.name));
            }
        }
        create.indexes.push_back(std::move(index));
    }
    out.body = std::move(create);
    return {};
}

Status read_drop_indexes(const YamlNode& body, Operation& out) {
    PLUMB_CHECK(body.only_keys({"collection", "names"}));
    PLUMB_CHECK(read_collection(body, out));
    PLUMB_TRY(list, body.at("names"));
    PLUMB_TRY(names, list.as_strings());
    if (names.empty()) {
        return fail_at(list.position(), "'names' is a list of at least one index name");
    }
    for (std::size_t at = 0; at < names.size(); ++at) {
        if (names[at] == "_id_" || names[at] == "*") {
            return fail_at(list.items()[at].position(),
                           fmt::format("'{}' cannot be dropped by a migration", names[at]));
        }
    }
    out.body = DropIndexes{std::move(names)};
    return {};
}

struct OperationRow {
    std::string_view kind;
    ReadOperation read;  // null: known to the design, not to this version
};

// clang-format off
constexpr auto kOperations = std::to_array<OperationRow>({
    {"add_field",         nullptr},
    {"copy_field",        nullptr},
    {"create_collection", nullptr},
    {"create_indexes",    read_create_indexes},
    {"delete",            nullptr},
    {"drop_collection",   nullptr},
    {"drop_indexes",      read_drop_indexes},
    {"hide_index",        nullptr},
    {"link",              nullptr},
    {"native",            nullptr},
    {"remove_field",      nullptr},
    {"rename_collection", nullptr},
    {"rename_field",      nullptr},
    {"run",               nullptr},
    {"set_options",       nullptr},
    {"set_validator",     nullptr},
    {"transform",         nullptr},
    {"unhide_index",      nullptr},
});
// clang-format on

Result<Operation> read_operation(const YamlNode& node) {
    if (!node.is_map() || node.members().size() != 1) {
        return fail_at(node.position(), "an operation is a map of one key, its kind");
    }
    const auto& [kind, body] = node.members().front();
    const auto row = std::lower_bound(
        kOperations.begin(),
        kOperations.end(),
        kind.text(),
        [](const OperationRow& each, const std::string& text) { return each.kind < text; });
    if (row == kOperations.end() || row->kind != kind.text()) {
        return fail_at(kind.position(), fmt::format("there is no operation '{}'", kind.text()));
    }
    Operation out;
    out.kind = kind.text();
    out.position = kind.position();
    if (row->read == nullptr) {
        return fail_at(out.position, fmt::format("operation {} is not available yet", out.kind));
    }
    PLUMB_CHECK(row->read(body, out));
    return out;
}

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
        out.begin_document(operation.kind);
        out.append("collection", operation.collection);
        if (const auto* create = std::get_if<CreateIndexes>(&operation.body)) {
            out.begin_array("indexes");
            for (const IndexDefinition& index : create->indexes) {
                out.push(index_to_command(index));
            }
            out.end();
        }
        if (const auto* drop = std::get_if<DropIndexes>(&operation.body)) {
            out.begin_array("names");
            for (const std::string& each : drop->names) {
                out.push(each);
            }
            out.end();
        }
        out.end();
        out.end();
    }
    out.end();
    return out.finish();
}

std::string MigrationFile::checksum() const {
    return fmt::format("{:016x}", bson::hash_bytes(canonical().bytes()));
}

Status MigrationFile::check_available() const {
    return {};
}

Result<MigrationFile> read_migration(const YamlNode& root, const std::filesystem::path& path) {
    PLUMB_CHECK(root.only_keys({"version", "name", "title", "description", "up"}));
    MigrationFile out;
    out.path = path;
    PLUMB_TRY(version_node, root.at("version"));
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

Result<std::vector<MigrationFile>> load_migrations(const std::filesystem::path& directory) {
    std::vector<MigrationFile> out;
    std::error_code failed;
    std::filesystem::directory_iterator files{directory, failed};
    if (failed) {
        return out;
    }
    for (const auto& entry : files) {
        if (!is_yaml(entry.path())) {
            continue;
        }
        if (!version_of_file(entry.path()).has_value()) {
            return fail(
                ErrorCode::ProjectFileInvalid,
                fmt::format("{}: a migration is named NNN_name.yaml", entry.path().string()));
        }
        PLUMB_TRY(root, load_yaml_file(entry.path()));
        PLUMB_TRY(file, read_migration(root, entry.path()));
        out.push_back(std::move(file));
    }
    std::sort(out.begin(), out.end(), [](const MigrationFile& a, const MigrationFile& b) {
        return a.version < b.version;
    });
    for (std::size_t at = 1; at < out.size(); ++at) {
        if (out[at].version == out[at - 1].version) {
            return fail(ErrorCode::ProjectFileInvalid,
                        fmt::format("{} and {} have the same version",
                                    out[at - 1].path.string(),
                                    out[at].path.string()));
        }
    }
    return out;
}

}  // namespace plumb::project
