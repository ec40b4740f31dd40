// SPDX-License-Identifier: GPL-3.0-or-later
// A captured workload as workload.yaml, to be used as a declared one: a template for each shape,
// whose parameters are drawn from the data the way the captured constants were: equality from
// documents, ranges as wide as those seen, patterns from the beginnings of texts.
//
//   const WorkloadText text = workload_text(table, "shop", "mongod.log");
//   text.yaml                                  // no constant of any captured call is in it
//
// Reading it back gives the same shapes. A shape that cannot be written as a template stands in the
// text as a comment with the reason, and in `left_out`.
//
// Format   docs/formats/workload.md
// Threads  pure functions.
#pragma once

#include "tool/capture/shape_table.h"

#include <string>
#include <string_view>
#include <vector>

namespace plumb::capture {

struct WorkloadText {
    std::string yaml;
    std::int64_t queries = 0;
    std::vector<std::string> left_out;  // "aggregate orders [...]: reason"
};

// The shapes of `database`, the most expensive first. Commands that the table kept with their
// values are written with them; their conditions are then drawn from those kept.
[[nodiscard]] WorkloadText workload_text(const ShapeTable& table,
                                         std::string_view database,
                                         std::string_view captured_from);

}  // namespace plumb::capture
