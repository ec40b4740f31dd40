// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/measure.h"

#include "bson/builder.h"
#include "tool/bench/histogram.h"
#include "tool/bench/sampler.h"

namespace plumb::bench {
namespace {

constexpr int kPings = 200;

}  // namespace

Result<Row> measure(const Measured& with, const workload::Query& query) {
    Sampler sampler{with, query};
    PLUMB_CHECK(sampler.begin());
    for (std::int64_t round = 0; round < with.options.rounds; ++round) {
        PLUMB_CHECK(sampler.round());
    }
    return sampler.finish();
}

Result<double> measure_ping(client::Client& client) {
    using SteadyClock = std::chrono::steady_clock;
    bson::Builder command;
    command.append("ping", 1);
    const bson::Document ping = command.finish();
    Histogram latencies;
    for (int round = 0; round < kPings; ++round) {
        PLUMB_CHECK(client.command("admin", ping));
    }
    for (int round = 0; round < kPings; ++round) {
        const auto start = SteadyClock::now();
        PLUMB_CHECK(client.command("admin", ping));
        latencies.record(
            std::chrono::duration_cast<std::chrono::nanoseconds>(SteadyClock::now() - start)
                .count());
    }
    return static_cast<double>(latencies.quantile(0.5));
}

}  // namespace plumb::bench
