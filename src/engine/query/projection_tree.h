// SPDX-License-Identifier: GPL-3.0-or-later
// The fields that a find's projection names, as a tree. Later rows of a projection overwrite
// earlier ones where they meet, as in MongoDB 4.2: {c: 1, "c.d": 1} shows c.d only.
//
// Threads  const functions may run at once.
#pragma once

#include "base/result.h"
#include "bson/builder.h"
#include "bson/document.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace plumb::query {

// A part of an array: `skip` elements are left out (counted from the end if negative), then at
// most `limit` shown; a negative limit shows all.
struct ArraySlice {
    std::int64_t skip = 0;
    std::int64_t limit = -1;
};

class ProjectionTree {
  public:
    // Shows or hides the field at a dotted path; what its parents do with unnamed fields follows.
    void add(std::string_view dotted, bool show);
    void add_slice(std::string_view dotted, ArraySlice slice);

    // One field of a document into `out`. With a `position`, arrays that are gone into show that
    // one element.
    //   errors  BadValue (2) if an array has no element at `position`
    [[nodiscard]] Status append_field(const bson::Element& field,
                                      const std::optional<std::uint32_t>& position,
                                      bson::Builder& out) const;

  private:
    ProjectionTree& child(std::string_view name);
    void append_inside(const bson::Element& field,
                       const std::optional<std::uint32_t>& position,
                       bson::Builder& out) const;
    void append_elements(bson::View array, ArraySlice slice, bson::Builder& out) const;
    void append_array_element(bson::ValueView element, bson::Builder& out) const;

    std::map<std::string, std::unique_ptr<ProjectionTree>, std::less<>> children_;
    bool show_unnamed_ = true;
    std::optional<ArraySlice> slice_;
};

}  // namespace plumb::query
