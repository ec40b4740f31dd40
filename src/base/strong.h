// SPDX-License-Identifier: GPL-3.0-or-later
// Integers that must not be mixed: struct RecordIdTag; using RecordId = Strong<RecordIdTag,
// int64_t>;
//
// Threads  a value type.
#pragma once

#include <compare>

namespace plumb {

template <class Tag, class Integer>
class Strong {
  public:
    constexpr Strong() = default;
    constexpr explicit Strong(Integer number) : number_(number) {}
    [[nodiscard]] constexpr Integer number() const { return number_; }
    constexpr auto operator<=>(const Strong&) const = default;

  private:
    Integer number_{};
};

}  // namespace plumb
