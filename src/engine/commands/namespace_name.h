// SPDX-License-Identifier: GPL-3.0-or-later
// Names of databases and collections: which are allowed.
//
// Source   MongoDB manual, "Naming Restrictions"
// Threads  pure functions.
#pragma once

#include "base/result.h"
#include "bson/document.h"

#include <string>
#include <string_view>

namespace plumb::commands {

// errors  InvalidNamespace (73)
[[nodiscard]] Status check_database_name(std::string_view database);

// "shop.orders" from the command's first field. errors: `wrong_type` if that is no string;
// InvalidNamespace for an empty name or one that begins with a dot
[[nodiscard]] Result<std::string> command_namespace(
    std::string_view database,
    bson::View command,
    ErrorCode wrong_type = ErrorCode::InvalidNamespace);

// The same for a name that stands elsewhere.
[[nodiscard]] Result<std::string> join_namespace(std::string_view database, std::string_view name);

// Whether a collection of this name may be made: no '$', not too long, not reserved.
//   errors  InvalidNamespace
[[nodiscard]] Status check_creatable(std::string_view ns);

// The two parts of a full name; the second is empty if there is no dot.
[[nodiscard]] std::string_view database_of(std::string_view ns);
[[nodiscard]] std::string_view collection_of(std::string_view ns);

}  // namespace plumb::commands
