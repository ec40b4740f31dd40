// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/rehearse/growth.h"

#include "base/random.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace plumb::rehearse {
namespace {

constexpr int kResamples = 200;
constexpr double kLowTail = 0.05;  // the bars hold nine of ten
constexpr double kHighTail = 0.95;
constexpr double kTailDeviations = 1.645;
// What the rules leave out: plans that change, values that hang together.
constexpr double kModelError = 0.02;
constexpr double kLookUpError = 3;  // a factor: how often a $lookup looks is not known
constexpr int kQuantiles = 60;
// Values are drawn from so many documents: more calls than that are not as many different ones.
constexpr std::size_t kDrawnFrom = 300;

using Calls = std::vector<Call>;

double mean_of(const Calls& calls, double Call::*field) {
    double sum = 0;
    for (const Call& call : calls) {
        sum += call.*field;
    }
    return sum / static_cast<double>(calls.size());
}

// How a command's work grows.
enum class Rule : std::uint8_t {
    Whole,      // everything was copied
    Stays,      // a look-up, or a limit that the sample reaches as well
    Linear,     // 1/share times as much
    Found,      // one document for certain, 1/share times as many others
    Limited,    // as Found or Linear, ended by a limit
    HalfScan,   // a scan that ends at the one document it looks for, which the sample mostly lacks
    LookUp,     // $lookup that looks once for each document
    OneLookUp,  // $lookup that reads the other collection once
};

std::string text_of(Rule rule) {
    switch (rule) {
        case Rule::Whole:
            return "measured on all documents";
        case Rule::Stays:
            return "stays";
        case Rule::Linear:
            return "grows with the collection";
        case Rule::Found:
            return "grows with the collection, but for the document its value is drawn from";
        case Rule::Limited:
            return "grows up to its limit";
        case Rule::HalfScan:
            return "grows with the collection; references are taken to hold";
        case Rule::LookUp:
            return "grows with both collections; how often $lookup looks is not known";
        case Rule::OneLookUp:
            return "grows with each of the two collections";
    }
    return {};
}

bool reaches_limit(const Calls& calls, double limit) {
    const auto reached = std::count_if(
        calls.begin(), calls.end(), [limit](const Call& call) { return call.returned >= limit; });
    return 2 * reached > static_cast<std::ptrdiff_t>(calls.size());
}

// Documents examined of the other collection: what is beyond a scan of this one.
double looked_up_docs(const CommandCalls& command, const Whole& whole) {
    return std::max(0.0, mean_of(command.calls, &Call::docs) - whole.share * whole.documents);
}

Rule rule_for(const CommandCalls& command, const Whole& whole) {
    const Traits& traits = command.traits;
    if (whole.share >= 1 && (!traits.looks_up || whole.looked_up_share >= 1)) {
        return Rule::Whole;
    }
    if (traits.is_insert) {
        return Rule::Stays;
    }
    if (traits.looks_up) {
        return looked_up_docs(command, whole) <= whole.looked_up_documents ? Rule::OneLookUp
                                                                           : Rule::LookUp;
    }
    if (traits.limit == 0 || traits.sorts) {
        return traits.from_itself && !traits.scans ? Rule::Found : Rule::Linear;
    }
    if (traits.limit == 1 && traits.scans) {
        return traits.from_another && !traits.from_itself ? Rule::HalfScan : Rule::Linear;
    }
    if (traits.limit == 1 && traits.writes) {
        return Rule::Stays;
    }
    if (reaches_limit(command.calls, traits.limit)) {
        return Rule::Stays;
    }
    return Rule::Limited;
}

// One count of one call. `certain`: the document that the value was drawn from is among it.
double grown(double count, double share, bool certain) {
    const double sure = certain ? std::min(count, 1.0) : 0.0;
    return sure + (count - sure) / share;
}

// E[min(cap, X)] for X of a gamma distribution with this mean and variance, by its quantiles.
//   Source  Wilson and Hilferty's approximation (1931)
double capped_mean(double mean, double variance, double cap) {
    if (mean <= 0) {
        return 0;
    }
    if (variance <= 1e-9 * mean * mean) {
        return std::min(mean, cap);
    }
    const double shape = mean * mean / variance;
    double sum = 0;
    double total = 0;
    for (int at = 0; at < kQuantiles; ++at) {
        // Normal quantiles from -3 to 3 with their weights.
        const double z = -3 + 6 * (at + 0.5) / kQuantiles;
        const double weight = std::exp(-z * z / 2);
        const double root = 1 - 1 / (9 * shape) + z / (3 * std::sqrt(shape));
        const double value = root <= 0 ? 0 : mean * root * root * root;
        sum += weight * std::min(value, cap);
        total += weight;
    }
    return sum / total;
}

// What is examined of one kind for each document that is returned, times how many are returned
// before the limit.
double limited(const Calls& calls, double Call::*field, const Traits& traits, double share) {
    double matched = 0;
    double examined = 0;
    double sum = 0;
    double squares = 0;
    const auto count = static_cast<double>(calls.size());
    for (const Call& call : calls) {
        matched += call.returned;
        examined += call.*field;
        const double others =
            call.returned - (traits.from_itself ? std::min(call.returned, 1.0) : 0.0);
        sum += others;
        squares += others * others;
    }
    if (matched <= 0) {
        return examined / count / share;
    }
    const double mean = sum / count;
    const double variance = std::max(0.0, squares / count - mean * mean);
    const double certain = matched / count - mean;
    // The Poisson part of the variance is the sampling's, not the numbers' own.
    const double own = std::max(0.0, variance - mean * (1 - share)) / (share * share);
    const double returned =
        certain + capped_mean(mean / share, own, std::max(0.0, traits.limit - certain));
    return returned * examined / matched;
}

double estimate(const Calls& calls,
                double Call::*field,
                const CommandCalls& command,
                Rule rule,
                const Whole& whole) {
    const Traits& traits = command.traits;
    const double mean = mean_of(calls, field);
    switch (rule) {
        case Rule::Whole:
            return mean;
        case Rule::Stays: {
            // A value of another collection is in the sample as often as its document.
            const bool thinned = traits.limit == 1 && traits.from_another && !traits.from_itself;
            return thinned ? std::min(1 - traits.misses, mean / whole.share) : mean;
        }
        case Rule::Linear:
            return mean / whole.share;
        case Rule::Found: {
            double sum = 0;
            for (const Call& call : calls) {
                sum += grown(call.*field, whole.share, true);
            }
            return sum / static_cast<double>(calls.size());
        }
        case Rule::Limited:
            return limited(calls, field, traits, whole.share);
        case Rule::HalfScan:
            return mean <= 0 ? 0 : whole.documents * (1 - (1 - traits.misses) / 2);
        case Rule::LookUp:
            return mean / whole.share / whole.looked_up_share;
        case Rule::OneLookUp: {
            const double inner = field == &Call::docs ? looked_up_docs(command, whole) : 0;
            return (mean - inner) / whole.share + inner / whole.looked_up_share;
        }
    }
    return mean;
}

// The relative error that a sample of documents has when few different ones were counted.
double counting_error(const Calls& calls, double Call::*field, Rule rule, const Traits& traits) {
    if (rule == Rule::Whole || rule == Rule::Stays || (rule == Rule::Linear && traits.scans)) {
        return 0;
    }
    std::set<std::uint64_t> seen;
    double counted = 0;
    for (const Call& call : calls) {
        if (seen.insert(call.command_hash).second) {
            counted += call.*field;
        }
    }
    return counted <= 0 ? 1 : kTailDeviations / std::sqrt(counted);
}

Estimate with_bars(const CommandCalls& command,
                   double Call::*field,
                   Rule rule,
                   const Whole& whole,
                   std::uint64_t seed) {
    Estimate out;
    const Calls& calls = command.calls;
    out.value = estimate(calls, field, command, rule, whole);
    if (rule == Rule::Whole) {
        return Estimate::exactly(out.value);
    }
    Random random{seed};
    std::vector<double> drawn;
    Calls again(std::min(calls.size(), kDrawnFrom));
    for (int round = 0; round < kResamples; ++round) {
        for (Call& call : again) {
            call = calls[random.below(calls.size())];
        }
        drawn.push_back(estimate(again, field, command, rule, whole));
    }
    std::sort(drawn.begin(), drawn.end());
    const auto at = [&drawn](double share) {
        return drawn[static_cast<std::size_t>(share * static_cast<double>(drawn.size() - 1))];
    };
    const double extra =
        std::hypot(counting_error(calls, field, rule, command.traits), kModelError) * out.value;
    out.low = std::max(0.0, out.value - std::hypot(out.value - at(kLowTail), extra));
    out.high = out.value + std::hypot(at(kHighTail) - out.value, extra);
    if (rule == Rule::LookUp) {
        out.low /= kLookUpError;
        out.high *= kLookUpError;
    }
    if (rule == Rule::HalfScan) {
        out.low = whole.documents / 3;
        out.high = whole.documents;
    }
    return out;
}

Call grown_call(const Call& call, const CommandCalls& command, Rule rule, const Whole& whole) {
    Call out = call;
    const Traits& traits = command.traits;
    if (rule == Rule::Whole || rule == Rule::Stays) {
        return out;
    }
    const bool certain = rule == Rule::Found || (rule == Rule::Limited && traits.from_itself);
    out.docs = grown(call.docs, whole.share, certain);
    out.keys = grown(call.keys, whole.share, certain);
    // A group or a count returns what it returns.
    const bool returns_matches = traits.limit > 0 || call.returned > 1;
    out.returned = returns_matches ? grown(call.returned, whole.share, certain) : call.returned;
    if (traits.limit > 0 && out.returned > traits.limit) {
        const double part = traits.limit / out.returned;
        out.returned = traits.limit;
        if (!traits.sorts && !traits.scans) {
            out.docs *= part;
            out.keys *= part;
        }
    }
    out.bytes = call.returned > 0 ? call.bytes * out.returned / call.returned : call.bytes;
    return out;
}

}  // namespace

Growth grow(const CommandCalls& command, const Whole& whole, std::uint64_t seed) {
    const Rule rule = rule_for(command, whole);
    Growth out;
    out.how = text_of(rule);
    out.docs = with_bars(command, &Call::docs, rule, whole, seed);
    out.keys = with_bars(command, &Call::keys, rule, whole, seed);
    for (const Call& call : command.calls) {
        out.calls.push_back(grown_call(call, command, rule, whole));
    }
    return out;
}

}  // namespace plumb::rehearse
