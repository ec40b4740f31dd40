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

#include "bson/value.h"

namespace plumb::index_facts {

// Missing: none.
[[nodiscard]] bool same_collation(bson::ValueView a, bson::ValueView b);

}  // namespace plumb::index_facts
