// SPDX-License-Identifier: GPL-3.0-or-later
// A figure and how far off it may be.
//
// Threads  a value type.
#pragma once

namespace plumb::rehearse {

// `low` and `high` are meant to hold the truth nine times in ten. What was measured and not
// forecast has all three equal.
struct Estimate {
    double value = 0;
    double low = 0;
    double high = 0;

    [[nodiscard]] static Estimate exactly(double value) { return {value, value, value}; }
    [[nodiscard]] bool is_exact() const { return low == value && high == value; }
};

}  // namespace plumb::rehearse
