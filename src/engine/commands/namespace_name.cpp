// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/namespace_name.h"

#include "base/limits.h"

#include <fmt/format.h>

namespace plumb::commands {

Status check_database_name(std::string_view database) {
    const bool fits = !database.empty() && database.size() <= std::size_t{kDatabaseNameBytesMax};
    if (!fits || database.find_first_of("/\\. \"$") != std::string_view::npos) {
        return fail(ErrorCode::InvalidNamespace,
                    fmt::format("Invalid database name: '{}'", database));
    }
    return {};
}

Result<std::string> join_namespace(std::string_view database, std::string_view name) {
    if (name.empty() || name.front() == '.') {
        return fail(ErrorCode::InvalidNamespace,
                    fmt::format("Invalid namespace specified '{}.{}'", database, name));
    }
    std::string ns;
    ns.reserve(database.size() + 1 + name.size());
    ns.append(database);
    ns.push_back('.');
    ns.append(name);
    return ns;
}

Result<std::string> command_namespace(std::string_view database,
                                      bson::View command,
                                      ErrorCode wrong_type) {
    const bson::ValueView name = command.front().value;
    if (name.type() != bson::Type::String && name.type() != bson::Type::Symbol) {
        return fail(
            wrong_type,
            fmt::format("collection name has invalid type {}", bson::type_name(name.type())));
    }
    return join_namespace(database, name.as_string());
}

Status check_creatable(std::string_view ns) {
    const std::string_view name = collection_of(ns);
    if (name.empty() || name.front() == '.' || name.find('$') != std::string_view::npos) {
        return fail(ErrorCode::InvalidNamespace, fmt::format("Invalid collection name: {}", name));
    }
    if (ns.size() > std::size_t{kNamespaceBytesMax}) {
        return fail(ErrorCode::InvalidNamespace,
                    fmt::format("Fully qualified namespace is too long. Namespace: {} Max: {}",
                                ns,
                                kNamespaceBytesMax));
    }
    const bool reserved = name.starts_with("system.") && name != "system.views" &&
                          name != "system.js" && name != "system.users" && name != "system.profile";
    if (reserved) {
        return fail(ErrorCode::InvalidNamespace, fmt::format("Invalid system namespace: {}", ns));
    }
    return {};
}

std::string_view database_of(std::string_view ns) {
    return ns.substr(0, ns.find('.'));
}

std::string_view collection_of(std::string_view ns) {
    const std::size_t dot = ns.find('.');
    return dot == std::string_view::npos ? std::string_view{} : ns.substr(dot + 1);
}

}  // namespace plumb::commands
