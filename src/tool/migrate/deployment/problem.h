// SPDX-License-Identifier: GPL-3.0-or-later
// What stands in the way of a migration, found before anything is changed.
//
//   PLUMB_CHECK(refuse(problems));     // RefusedForSafety with all of them
//
// Threads  a value type and a pure function.
#pragma once

#include "base/result.h"
#include "bson/document.h"

#include <string>
#include <vector>

namespace plumb::migrate {

struct Problem {
    std::string code;  // "duplicates", "conflict", "too_many_indexes"
    std::string collection;
    std::string index;
    std::string text;        // one or more lines for people
    bson::Document details;  // the same for machines
};

// All problems as one RefusedForSafety, details {problems: [...]}; Ok if there are none.
[[nodiscard]] Status refuse(const std::vector<Problem>& problems);

}  // namespace plumb::migrate
