// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"
#include "bson/number.h"
#include "tool/calibrate/counters_internal.h"

#include <algorithm>
#include <vector>

namespace plumb::calibrate {
namespace {

constexpr std::int64_t kEntriesMax = 100;

bson::View inner(bson::View document, std::string_view name) {
    const bson::ValueView value = document.find(name);
    return value.type() == bson::Type::Document ? value.as_document() : bson::View{};
}

// {latency: µs, ops: n} as a mean; below 0 if nothing was counted.
double mean_ns(bson::View latency) {
    const bson::ValueView microseconds = latency.find("latency");
    const bson::ValueView operations = latency.find("ops");
    if (!microseconds.is_number() || !operations.is_number() || bson::to_double(operations) <= 0) {
        return -1;
    }
    return 1000 * bson::to_double(microseconds) / bson::to_double(operations);
}

}  // namespace

void read_counters(client::Client& client, std::string_view database, Costs& out) {
    const auto status = client.command("admin", bson::Builder{}.append("serverStatus", 1).finish());
    if (status.ok()) {
        const bson::View latencies = inner(*status, "opLatencies");
        out.read_latency_ns = mean_ns(inner(latencies, "reads"));
        out.write_latency_ns = mean_ns(inner(latencies, "writes"));
    }
    client::FindOptions last;
    last.sort = bson::Builder{}.append("$natural", -1).finish();
    last.limit = kEntriesMax;
    std::vector<double> times;
    const Status read = client.find(
        database, "system.profile", bson::View{}, last, [&times](bson::View entry) -> Status {
            if (entry.find("millis").is_number()) {
                times.push_back(1e6 * bson::to_double(entry.find("millis")));
            }
            return {};
        });
    // A user without the right to it learns nothing from the profiler, and the rest holds.
    if (!read.ok() || times.empty()) {
        return;
    }
    std::sort(times.begin(), times.end());
    out.profiled = static_cast<std::int64_t>(times.size());
    out.profiled_median_ns = times[times.size() / 2];
}

}  // namespace plumb::calibrate
