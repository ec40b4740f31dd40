// SPDX-License-Identifier: GPL-3.0-or-later
// An index in the one form in which it is compared. For this folder.
//
//   canonical_key({a: 1, _fts: "text", _ftsx: 1} with weights {t: 1, s: 1})
//       == {a: 1, s: "text", t: "text"}
//
// Source   MongoDB manual, "listIndexes", "Text Index Properties", "2d Indexes"
// Threads  pure functions.
#pragma once

#include "bson/document.h"
#include "project/index_definition.h"

namespace plumb::project {

// The key as a person writes it. The server keeps the fields of a text index in its weights.
[[nodiscard]] bson::Document canonical_key(const IndexDefinition& index);

// Options that change what the index is, without those at their defaults, those that only the
// server writes, and the collation; names sorted.
[[nodiscard]] bson::Document canonical_options(const IndexDefinition& index);

}  // namespace plumb::project
