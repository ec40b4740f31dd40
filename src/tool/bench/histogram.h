// SPDX-License-Identifier: GPL-3.0-or-later
// Durations counted in log-linear buckets: every value is kept to within 1 %, whatever its size,
// in a few kilobytes.
//
//   Histogram latencies;
//   latencies.record(704'000);
//   latencies.quantile(0.99);
//
// Threads  one thread.
#pragma once

#include <cstdint>
#include <vector>

namespace plumb::bench {

class Histogram {
  public:
    // Counts one value; negative ones count as 0.
    void record(std::int64_t nanoseconds);
    void merge(const Histogram& other);

    [[nodiscard]] std::int64_t count() const { return count_; }
    [[nodiscard]] std::int64_t max() const { return max_; }
    [[nodiscard]] std::int64_t min() const { return count_ == 0 ? 0 : min_; }
    [[nodiscard]] double mean() const;

    // The value that a share `q` of all values does not exceed; 0 if nothing was counted.
    [[nodiscard]] std::int64_t quantile(double q) const;

  private:
    std::vector<std::int64_t> buckets_;
    std::int64_t count_ = 0;
    std::int64_t max_ = 0;
    std::int64_t min_ = 0;
    double sum_ = 0;
};

}  // namespace plumb::bench
