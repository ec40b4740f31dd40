// SPDX-License-Identifier: GPL-3.0-or-later
// Series of preferred numbers, by which $bucketAuto rounds its boundaries.
//
// Source   ISO 3 (Renard series), IEC 60063 (E series); MongoDB manual, "$bucketAuto"
// Threads  constant.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace plumb::query {

class Granularity {
  public:
    // "R5" … "R80", "1-2-5", "E6" … "E192", "POWERSOF2"; nothing for another name.
    [[nodiscard]] static std::optional<Granularity> find(std::string_view name);

    // The least number of the series above `value`; 0 for 0. requires a finite value, not negative
    [[nodiscard]] double round_up(double value) const;
    // The greatest number of the series below `value`; 0 for 0.
    [[nodiscard]] double round_down(double value) const;

  private:
    explicit Granularity(std::span<const int> series) : series_(series) {}
    std::span<const int> series_;  // of one decade, three digits each; empty for powers of two
};

}  // namespace plumb::query
