// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/noise.h"

#include "tool/bench/bootstrap.h"
#include "tool/bench/compare.h"

#include <algorithm>
#include <cmath>

namespace plumb::bench {
namespace {

// Below this share nothing is called a difference, however quiet the machine.
constexpr double kLeastShare = 0.05;
// A difference of less than this share of a round trip is none of the query.
constexpr double kRoundTripShare = 0.25;

// What the halves of the run tell of whole runs: these are longer, but further apart.
double halves_of(const Row& row) {
    return row.kept_ns.empty() ? 0 : log_ratio_of_halves(rounds_of(row));
}

double typical(std::vector<double> moved) {
    return moved.empty() ? 0 : kMedianTo95 * median(std::move(moved));
}

}  // namespace

double Noise::log_floor(const Row& before, const Row& after) const {
    return std::max({std::log1p(kLeastShare), log_typical, halves_of(before), halves_of(after)});
}

double Noise::share() const {
    return std::expm1(std::max(std::log1p(kLeastShare), log_typical));
}

Noise noise_of(const Recording& before, const Recording& after) {
    std::vector<double> within;
    std::vector<double> between;
    for (const Row& row : after.rows) {
        const Row* earlier = before.row(row.id);
        if (earlier == nullptr || row.p50_ns <= 0 || earlier->p50_ns <= 0) {
            continue;
        }
        within.push_back(halves_of(row));
        within.push_back(halves_of(*earlier));
        // Reads whose plan did not change: what they moved by, the machine moved by.
        if (!row.writes && !row.plan.empty() && row.plan == earlier->plan) {
            between.push_back(std::abs(std::log(row.p50_ns / earlier->p50_ns)));
        }
    }
    return Noise{std::max(typical(std::move(within)), typical(std::move(between)))};
}

bool within_a_round_trip(const Row& before, const Row& after) {
    const double ping = std::max(before.ping_ns, after.ping_ns);
    return std::abs(before.p50_ns - after.p50_ns) < kRoundTripShare * ping;
}

}  // namespace plumb::bench
