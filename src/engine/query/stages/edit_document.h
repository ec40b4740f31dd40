// SPDX-License-Identifier: GPL-3.0-or-later
// A copy of a document with one field at a dotted path set or removed.
//
//   write_with(order, bson::Path{"address.pin"}, pin, out);
//
// Documents on the way are made if they are not there, and replace what is no document.
//
// Threads  pure functions.
#pragma once

#include "bson/builder.h"
#include "bson/document.h"
#include "bson/path.h"

namespace plumb::query {

// Appends all fields of `document` to the open scope of `out`, the one at `path` with `value`; a
// Missing value leaves it out.
void write_with(bson::View document,
                const bson::Path& path,
                bson::ValueView value,
                bson::Builder& out);

// The same, of the top-level field that the path begins with only.
void write_field_with(bson::View document,
                      const bson::Path& path,
                      bson::ValueView value,
                      bson::Builder& out);

}  // namespace plumb::query
