// SPDX-License-Identifier: GPL-3.0-or-later
// Dotted paths: "address.location.lat", "items.0.price".
//
//   Path path{"items.price"};
//
// `find_plain` looks through documents only. How a query looks through arrays is query/path_walk.h.
//
// Threads  const functions may run at once.
#pragma once

#include "bson/document.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::bson {

// A dotted path, split once.
class Path {
  public:
    Path() = default;
    explicit Path(std::string_view dotted);

    [[nodiscard]] const std::string& dotted() const { return dotted_; }
    [[nodiscard]] std::size_t size() const { return parts_.size(); }
    [[nodiscard]] std::string_view part(std::size_t index) const {
        return std::string_view{dotted_}.substr(parts_[index].start, parts_[index].length);
    }
    // True if the part is a plain array position: digits without a leading zero ("0" is one).
    [[nodiscard]] bool part_is_index(std::size_t index) const {
        return parts_[index].position >= 0;
    }
    // The position, -1 if the part is none.
    [[nodiscard]] std::int64_t part_position(std::size_t index) const {
        return parts_[index].position;
    }

  private:
    struct Part {
        std::uint32_t start;
        std::uint32_t length;
        std::int64_t position;
    };
    std::string dotted_;
    std::vector<Part> parts_;
};

// Through documents only: an array on the way, or nothing there, gives Missing.
[[nodiscard]] ValueView find_plain(View document, const Path& path);
[[nodiscard]] ValueView find_plain(View document, std::string_view dotted);

}  // namespace plumb::bson
