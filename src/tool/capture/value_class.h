// SPDX-License-Identifier: GPL-3.0-or-later
// What may be kept of the constants of a call: of which type and how long they are, and how far the
// ends of a range are apart. No value can be read back from it.
//
//   ValueClasses classes;
//   observe_values(command, classes);                  // {"user_id": string of up to 64
//   characters}
//
// Threads  pure functions, value types.
#pragma once

#include "bson/document.h"

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>

namespace plumb::capture {

struct ValueClass {
    std::set<std::string, std::less<>> types;  // "string", "int" … as $type has them
    std::int32_t characters = 0;  // of texts: the next power of two of the longest; 0: no text
    std::int32_t days = 0;        // of ranges of days: 1, 7, 31, 92, 366 or 3660; 0: no such range
};

using ValueClasses = std::map<std::string, ValueClass, std::less<>>;  // by path

// Adds the constants in the conditions of a command or statement.
void observe_values(bson::View command, ValueClasses& out);

// "string of at most 64 characters; ranges of up to 31 days"
[[nodiscard]] std::string class_text(const ValueClass& value);

}  // namespace plumb::capture
