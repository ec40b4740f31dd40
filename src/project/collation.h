// SPDX-License-Identifier: GPL-3.0-or-later
// Collations compared as the server keeps them: with every field filled in by locale.
//
//   same_collation({locale: "en"}, {locale: "en", strength: 3, caseLevel: false, …})   // true
//
// No collation and {locale: "simple"} are one. The version of the rules is no part of it.
//
// Source   MongoDB manual, "Collation", "Collation Locales and Default Parameters"
// Threads  pure functions.
#pragma once

#include "bson/document.h"
#include "bson/value.h"

#include <string_view>

namespace plumb::project {

// Missing: none.
[[nodiscard]] bool same_collation(bson::ValueView a, bson::ValueView b);

// A field of a collation as the server would fill it in; Missing for one that nobody knows.
//   requires a collation with a locale
[[nodiscard]] bson::Value collation_field(bson::View collation, std::string_view field);

}  // namespace plumb::project
