// SPDX-License-Identifier: GPL-3.0-or-later
// Takes the samples of one query, a share of them in each round of the run, so that whatever
// slows the machine for a while slows a part of every query and not the whole of one.
//
//   Sampler sampler{with, query};
//   PLUMB_CHECK(sampler.begin());
//   for (…) { PLUMB_CHECK(sampler.round()); }
//   Row row = sampler.finish();
//
// Threads  one thread.
#pragma once

#include "tool/bench/histogram.h"
#include "tool/bench/measure.h"
#include "tool/bench/write_guard.h"

#include <chrono>
#include <cstdint>
#include <vector>

namespace plumb::bench {

class Sampler {
  public:
    Sampler(const Measured& with, const workload::Query& query);

    // Remembers what writes will change and makes the first call.
    //   errors  what the server says; Interrupted
    [[nodiscard]] Status begin();

    // One round's share of the samples. Written data is as it was when it returns.
    //   errors  what the server says; Interrupted
    [[nodiscard]] Status round();

    // The figures and the plan; after an error of the two above the row says why nothing was
    // measured.
    [[nodiscard]] Row finish();

    // True after an error other than Interrupted: round() does nothing any more.
    [[nodiscard]] bool failed() const { return !row_.error.empty(); }

  private:
    using SteadyClock = std::chrono::steady_clock;
    using nanoseconds = std::chrono::nanoseconds;

    [[nodiscard]] Status note(Status status);
    [[nodiscard]] Status take_round();
    [[nodiscard]] Result<nanoseconds> sample();
    [[nodiscard]] Status maybe_ping();
    [[nodiscard]] bool enough(nanoseconds elapsed, std::int64_t taken) const;
    void record(nanoseconds taken);
    void write_figures();

    Measured with_;
    const workload::Query& query_;
    Row row_;
    WriteGuard guard_;
    Histogram latencies_;
    Histogram pings_;
    std::vector<std::vector<double>> rounds_;
    double cpu_ns_ = 0;
    std::int64_t cpu_calls_ = 0;
    std::uint64_t index_ = 0;
    std::int64_t documents_ = 0;
    std::int64_t received_ = 0;
    std::int64_t counted_ = 0;
};

}  // namespace plumb::bench
