// SPDX-License-Identifier: GPL-3.0-or-later
// Values that are made from those of one field: the ends of a range, the beginning of a text.
//
// Threads  pure functions.
#pragma once

#include "base/random.h"
#include "bson/document.h"
#include "bson/value.h"
#include "tool/workload/workload.h"

#include <string_view>
#include <vector>

namespace plumb::workload {

// One end of a range of the parameter's field; both ends come from the same state of `random`. Null
// if no row has the field.
[[nodiscard]] bson::Value draw_end(const Parameter& parameter,
                                   bool low,
                                   const std::vector<bson::Document>& rows,
                                   Random random);

// The value at a dotted path. With `elements`, of every array on the way, the last one included,
// the element that the path names by its position, else a random one. Missing if there is none.
[[nodiscard]] bson::ValueView draw_value(bson::View row,
                                         std::string_view path,
                                         bool elements,
                                         Random& random);

// The first characters of a random row's text as a pattern, special ones quoted. A pattern that
// matches nothing if no row has text there.
[[nodiscard]] bson::Value draw_prefix(const Parameter& parameter,
                                      const std::vector<bson::Document>& rows,
                                      Random random);

}  // namespace plumb::workload
