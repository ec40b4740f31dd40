// SPDX-License-Identifier: GPL-3.0-or-later
// Sorting by a pattern such as {status: 1, delivery_date: -1}: the key of a document as a byte
// string that sorts with memcmp. An array sorts by its least element ascending, by its greatest
// descending; a missing field as null, an empty array as undefined.
//
// Source   MongoDB manual, "cursor.sort"; tests/conformance/sort.jsonl
// Threads  const functions may run at once.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "bson/index_key.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace plumb::query {

// What a field that is not there sorts as: null in a find, undefined (with empty arrays, before
// null) in an aggregation's $sort.
enum class MissingAs : std::uint8_t { Null, Undefined };

class SortPattern {
  public:
    // errors  BadValue (2) for an order that is neither 1 nor -1, 15973-15976 in a pipeline's form.
    //         {$meta: …} is refused.
    [[nodiscard]] static Result<SortPattern> parse(bson::View spec);

    // The key of `document` into `out` (cleared first).
    //   errors  CannotIndexParallelArrays: BadValue (2), as 4.2 says for sorts over parallel arrays
    [[nodiscard]] Status make_key(bson::View document,
                                  std::string& out,
                                  MissingAs missing = MissingAs::Null) const;

    [[nodiscard]] const std::vector<bson::KeyField>& fields() const { return fields_; }
    [[nodiscard]] const bson::Document& spec() const { return spec_; }

  private:
    std::vector<bson::KeyField> fields_;
    std::optional<bson::KeyMaker> maker_;  // none for paths that an index could not have
    bson::Document spec_;
};

}  // namespace plumb::query
