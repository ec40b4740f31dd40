// SPDX-License-Identifier: GPL-3.0-or-later
// What a document must be like to be stored, and making it so: an _id, in front.
//
// Threads  pure functions.
#pragma once

#include "base/result.h"
#include "bson/document.h"

#include <optional>
#include <string>

namespace plumb::exec {

// The document as it is stored: with a generated _id if it has none, with the _id first, with the
// time `now`, if it is given, in the place of empty timestamps. `made` keeps a new document if one
// had to be made.
//   errors  BadValue (2) for an _id that cannot be one, for several of them, and for a field name
//           that begins with '$'; BsonObjectTooLarge (10334); Overflow (15) for too deep nesting
[[nodiscard]] Result<bson::View> stored_form(bson::View document,
                                             std::optional<bson::Date> now,
                                             std::string& made);

// Puts the time in the place of empty timestamps among the fields, but not of the _id.
void fill_timestamps(bson::Document& document, bson::Date now);

// Moves the _id of a document that an update made to its front.
void put_id_first(bson::Document& document);

// The same limits for a document that an update made.
[[nodiscard]] Status check_size(bson::View document);

}  // namespace plumb::exec
