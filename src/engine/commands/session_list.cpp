// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/session_list.h"

#include "engine/commands/session_id.h"

#include <fmt/format.h>

namespace plumb::commands {

namespace {

// As many as drivers put into one endSessions.
constexpr std::size_t kListedMax = 10'000;

}  // namespace

Result<std::vector<std::string>> listed_sessions(bson::View command) {
    const bson::Element first = command.front();
    if (first.value.type() != bson::Type::Array) {
        return fail(ErrorCode::TypeMismatch,
                    fmt::format("BSON field '{}' is the wrong type '{}', expected type 'array'",
                                first.name,
                                bson::type_name(first.value.type())));
    }
    std::vector<std::string> out;
    for (const bson::Element& element : first.value.as_array()) {
        if (element.value.type() != bson::Type::Document) {
            return fail(ErrorCode::TypeMismatch, fmt::format("{} must hold objects", first.name));
        }
        PLUMB_TRY(id, session_id(element.value.as_document()));
        out.push_back(std::move(id));
        if (out.size() > kListedMax) {
            return fail(ErrorCode::InvalidLength,
                        fmt::format("{} takes at most {} sessions", first.name, kListedMax));
        }
    }
    return out;
}

}  // namespace plumb::commands
