// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/noise.h"

#include "tool/bench/bootstrap.h"
#include "tool/bench/compare.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace plumb::bench {
namespace {

// Below this share nothing is called a difference, however quiet the machine.
constexpr double kLeastShare = 0.05;
// Calls of fewer round trips than this are little longer than one.
constexpr double kFewRoundTrips = 4;
// A difference of less than this share of a round trip is none of the query.
constexpr double kRoundTripShare = 0.25;

// What the halves of the run tell of whole runs: these are longer, but further apart.
double halves_of(const Row& row) {
    return row.kept_ns.empty() ? 0 : log_ratio_of_halves(rounds_of(row));
}

// Little longer than a round trip, in one of the runs.
bool is_short(const Row& before, const Row& after) {
    const double ping = std::max(before.ping_ns, after.ping_ns);
    return std::min(before.p50_ns, after.p50_ns) < kFewRoundTrips * ping;
}

struct Moves {
    std::vector<double> within;
    std::vector<double> between;
};

double typical(Moves moves) {
    const auto widened = [](std::vector<double> all) {
        return all.empty() ? 0 : kMedianTo95 * median(std::move(all));
    };
    return std::max(widened(std::move(moves.within)), widened(std::move(moves.between)));
}

}  // namespace

double Noise::log_floor(const Row& before, const Row& after) const {
    const double shared = is_short(before, after) ? std::max(log_short, log_typical) : log_typical;
    return std::max({std::log1p(kLeastShare), shared, halves_of(before), halves_of(after)});
}

double Noise::share() const {
    return std::expm1(std::max(std::log1p(kLeastShare), log_typical));
}

double Noise::share_short() const {
    return std::max(share(), std::expm1(log_short));
}

Noise noise_of(const Recording& before, const Recording& after) {
    std::array<Moves, 2> moves;
    for (const Row& row : after.rows) {
        const Row* earlier = before.row(row.id);
        if (earlier == nullptr || row.p50_ns <= 0 || earlier->p50_ns <= 0) {
            continue;
        }
        moves[is_short(row, row) ? 1 : 0].within.push_back(halves_of(row));
        moves[is_short(*earlier, *earlier) ? 1 : 0].within.push_back(halves_of(*earlier));
        // Reads whose plan did not change: what they moved by, the machine moved by.
        if (!row.writes && !row.plan.empty() && row.plan == earlier->plan) {
            moves[is_short(*earlier, row) ? 1 : 0].between.push_back(
                std::abs(std::log(row.p50_ns / earlier->p50_ns)));
        }
    }
    return Noise{typical(std::move(moves[0])), typical(std::move(moves[1]))};
}

bool within_a_round_trip(const Row& before, const Row& after) {
    const double ping = std::max(before.ping_ns, after.ping_ns);
    return std::abs(before.p50_ns - after.p50_ns) < kRoundTripShare * ping;
}

}  // namespace plumb::bench
