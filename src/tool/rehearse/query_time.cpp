// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/rehearse/query_time.h"

#include "tool/bench/bootstrap.h"

#include <algorithm>
#include <cmath>

namespace plumb::rehearse {
namespace {

constexpr double kNanosecondsPerMs = 1e6;
// A handful of costs does not describe a server better than that.
constexpr double kCostModelError = 0.15;
constexpr double kMuchMore = 1.5;  // documents, as a multiple of the sample's
constexpr double kLargerError =
    1.5;  // bench/forecast: scans of twenty times as much took up to 2.3
// Less than this part of the modelled time is not believed.
constexpr double kLeastShare = 0.25;

calibrate::Work work_of(const Call& call, const Traits& traits) {
    calibrate::Work out;
    out.round_trips = call.trips;
    (traits.scans ? out.docs_scanned : out.docs_fetched) = call.docs;
    out.keys_read = call.keys;
    out.docs_returned = call.returned;
    out.bytes_returned = call.bytes;
    return out;
}

// The median call of a query, all its commands together, by these costs.
calibrate::Span median_time(const calibrate::Costs& costs,
                            const Examined& examined,
                            const std::vector<Growth>* growths) {
    std::vector<double> values;
    std::vector<double> lows;
    std::vector<double> highs;
    const std::size_t calls = examined.commands.front().calls.size();
    for (std::size_t at = 0; at < calls; ++at) {
        calibrate::Span sum;
        for (std::size_t number = 0; number < examined.commands.size(); ++number) {
            const CommandCalls& command = examined.commands[number];
            const Call& call =
                growths == nullptr ? command.calls[at] : (*growths)[number].calls[at];
            const calibrate::Span one = calibrate::time_of(costs, work_of(call, command.traits));
            sum.value += one.value;
            sum.low += one.low;
            sum.high += one.high;
        }
        values.push_back(sum.value);
        lows.push_back(sum.low);
        highs.push_back(sum.high);
    }
    return {bench::median(std::move(values)),
            bench::median(std::move(lows)),
            bench::median(std::move(highs))};
}

double mean_docs(const Examined& examined) {
    double sum = 0;
    for (const CommandCalls& command : examined.commands) {
        for (const Call& call : command.calls) {
            sum += call.docs / static_cast<double>(command.calls.size());
        }
    }
    return sum;
}

double relative(double end, double value) {
    return value <= 0 ? 0 : std::abs(end - value) / value;
}

}  // namespace

Estimate sum_of(const std::vector<Growth>& growths, Estimate Growth::*what) {
    Estimate out;
    double below = 0;
    double above = 0;
    for (const Growth& growth : growths) {
        const Estimate& one = growth.*what;
        out.value += one.value;
        below = std::hypot(below, one.value - one.low);
        above = std::hypot(above, one.high - one.value);
    }
    out.low = out.value - below;
    out.high = out.value + above;
    return out;
}

Estimate time_of_side(const Side& side,
                      const calibrate::Costs& engine,
                      const calibrate::Costs* target) {
    const calibrate::Span on_copy = median_time(engine, side.examined, nullptr);
    const calibrate::Span on_whole =
        median_time(target == nullptr ? engine : *target, side.examined, &side.growths);
    const Estimate docs = sum_of(side.growths, &Growth::docs);
    const double copied_docs = mean_docs(side.examined);
    const double more = copied_docs < 1 ? 1 : std::max(1.0, docs.value / copied_docs);
    // What the copy took beyond the model (or less) grows with the documents that it is done to.
    const double beyond = (side.row.p50_ns - on_copy.value) * more;
    Estimate out;
    out.value = std::max(on_whole.value + beyond, kLeastShare * on_whole.value) / kNanosecondsPerMs;
    const double low = std::hypot(
        relative(docs.low, docs.value), relative(on_whole.low, on_whole.value), kCostModelError);
    const double high = std::hypot(
        relative(docs.high, docs.value), relative(on_whole.high, on_whole.value), kCostModelError);
    out.low = out.value * std::max(0.0, 1 - low);
    // A document costs more once the collection does not fit the processor's cache: how much more,
    // no sample shows.
    out.high = out.value * (1 + (more > kMuchMore ? std::hypot(high, kLargerError) : high));
    return out;
}

Estimate ratio_of(const Estimate& numerator, const Estimate& denominator) {
    if (denominator.value <= 0 || numerator.value <= 0) {
        return Estimate::exactly(1);
    }
    Estimate out;
    out.value = numerator.value / denominator.value;
    const double below = std::hypot(relative(numerator.low, numerator.value),
                                    relative(denominator.high, denominator.value));
    const double above = std::hypot(relative(numerator.high, numerator.value),
                                    relative(denominator.low, denominator.value));
    out.low = out.value / (1 + below);
    out.high = out.value * (1 + above);
    return out;
}

}  // namespace plumb::rehearse
