// SPDX-License-Identifier: GPL-3.0-or-later
// The methods of the drivers, and the commands that they send.
//
// Threads  pure functions.
#pragma once

#include "bson/document.h"
#include "bson/value.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::capture {

// What a call was given, after its chained methods have been added as if they were keywords.
struct CallArguments {
    std::vector<bson::Value> positional;
    std::map<std::string, bson::Value, std::less<>> named;  // sort, limit, projection, filter …
};

enum class MethodKind : std::uint8_t {
    Find,
    FindOne,
    FindById,
    Count,
    CountAll,
    Distinct,
    Aggregate,
    Insert,
    UpdateOne,
    UpdateMany,
    UpdateById,
    Replace,
    DeleteOne,
    DeleteMany,
    DeleteById,
    FindAndUpdate,
    FindAndReplace,
    FindAndDelete,
};

struct Method {
    std::string_view name;
    MethodKind kind;
    // Names that other libraries have too (an array's find): taken for a query only where the
    // receiver is known to be a collection.
    bool is_common;
};

// Null for what is no method of a collection.
[[nodiscard]] const Method* find_method(std::string_view name);

// The command that the driver sends.
[[nodiscard]] bson::Document command_of(const Method& method,
                                        std::string_view collection,
                                        const CallArguments& arguments);

}  // namespace plumb::capture
