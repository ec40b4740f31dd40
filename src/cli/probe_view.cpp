// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/probe_view.h"

#include <fmt/format.h>

#include <array>

namespace plumb::cli {
namespace {

std::string time_text(double ns) {
    return ns < 1000      ? fmt::format("{:.1f} ns", ns)
           : ns < 1000000 ? fmt::format("{:.1f} µs", ns / 1000)
                          : fmt::format("{:.2f} ms", ns / 1000000);
}

struct CostRow {
    std::string_view name;
    calibrate::Span calibrate::Costs::*cost;
};

constexpr auto kRows = std::to_array<CostRow>({
    {"a round trip", &calibrate::Costs::round_trip},
    {"a query over it, before it reads", &calibrate::Costs::statement},
    {"a document scanned", &calibrate::Costs::document_scanned},
    {"a key read", &calibrate::Costs::key_read},
    {"a document fetched by an index", &calibrate::Costs::document_fetched},
    {"a document returned", &calibrate::Costs::document_returned},
    {"a byte returned", &calibrate::Costs::byte_returned},
});

}  // namespace

void print_costs(Console& console, const calibrate::Costs& costs) {
    if (!costs.complete()) {
        console.out(
            fmt::format("{}: a round trip {} ({} – {}); no collection is large enough to "
                        "tell more",
                        costs.server,
                        time_text(costs.round_trip.value),
                        time_text(costs.round_trip.low),
                        time_text(costs.round_trip.high)));
        return;
    }
    console.out(fmt::format("{}, by reading {} documents and keys of {}; nothing was written",
                            costs.server,
                            human_count(costs.documents_read),
                            costs.collection));
    for (const CostRow& row : kRows) {
        const calibrate::Span& cost = costs.*row.cost;
        console.out(fmt::format("  {:<34} {:>10}   ({} – {})",
                                row.name,
                                time_text(cost.value),
                                time_text(cost.low),
                                time_text(cost.high)));
    }
    if (costs.read_latency_ns >= 0) {
        console.out(fmt::format(
            "  its own counters: a read {}, a write {} on average",
            time_text(costs.read_latency_ns),
            costs.write_latency_ns < 0 ? "unknown" : time_text(costs.write_latency_ns)));
    }
    if (costs.profiled > 0) {
        console.out(fmt::format("  its profiler: {} at the median of the last {} entries",
                                time_text(costs.profiled_median_ns),
                                costs.profiled));
    }
}

}  // namespace plumb::cli
