// SPDX-License-Identifier: GPL-3.0-or-later
// What the server counts of all operations together, and its cache.
#include "tool/watch/rules_internal.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::watch {
namespace {

// Fewer operations a sample say nothing about a mean.
constexpr double kOperationsMin = 10;
// Below this many documents for each one returned nothing is wrong, whatever the ratio.
constexpr double kExaminedFloor = 20;

const Catalogue& catalogue_of(const RuleInput& input) {
    return input.history.catalogue();
}

std::optional<std::size_t> same_member(const RuleInput& input,
                                       std::size_t id,
                                       std::string_view name) {
    return catalogue_of(input).find(name, catalogue_of(input).at(id).member);
}

// One gauge as a share of another one of the same member.
void share_of_cache(const RuleInput& input,
                    std::string_view part,
                    std::string_view what,
                    std::vector<Measure>& out) {
    for (const std::size_t id : catalogue_of(input).named(part)) {
        const auto used = input.history.now(id);
        const auto whole_id = same_member(input, id, "cache_max_bytes");
        const auto whole = whole_id ? input.history.now(*whole_id) : std::nullopt;
        if (used && whole && *whole > 0) {
            const double share = static_cast<double>(*used) / static_cast<double>(*whole);
            out.push_back({catalogue_of(input).at(id).member,
                           share,
                           fmt::format("{:.0f} % of the cache's {:.0f} MB {}",
                                       100 * share,
                                       static_cast<double>(*whole) / 1e6,
                                       what)});
        }
    }
}

}  // namespace

void cache_full(const RuleInput& input, std::vector<Measure>& out) {
    share_of_cache(input, "cache_bytes", "in use", out);
}

void cache_dirty(const RuleInput& input, std::vector<Measure>& out) {
    share_of_cache(input, "cache_dirty_bytes", "dirty", out);
}

void cache_evictions(const RuleInput& input, std::vector<Measure>& out) {
    for (const std::size_t id : catalogue_of(input).named("cache_app_evictions")) {
        if (const auto rate = input.history.rate(id)) {
            out.push_back({catalogue_of(input).at(id).member,
                           *rate,
                           fmt::format("{:.1f} pages a second evicted by queries", *rate)});
        }
    }
}

void server_examines_more(const RuleInput& input, std::vector<Measure>& out) {
    const History& history = input.history;
    for (const std::size_t id : catalogue_of(input).named("docs_examined")) {
        const auto returned_id = same_member(input, id, "docs_returned");
        const auto examined = history.amount(id);
        const auto returned = returned_id ? history.amount(*returned_id) : std::nullopt;
        if (!examined || !returned || *returned < kOperationsMin) {
            continue;
        }
        const auto examined_first = history.at_first(id);
        const auto returned_first = history.at_first(*returned_id);
        const double first = examined_first && returned_first && *returned_first > 0
                                 ? *examined_first / *returned_first
                                 : 0;
        // The mix of queries is not that of the bench run: the higher of the two is the measure.
        const double usual = std::max(first, input.baseline.docs_per_returned);
        if (usual <= 0) {
            continue;
        }
        const double now = *examined / *returned;
        out.push_back({catalogue_of(input).at(id).member,
                       now < kExaminedFloor ? 0 : now / usual,
                       fmt::format("{:.1f} documents examined for each one returned, usually "
                                   "{:.1f}",
                                   now,
                                   usual)});
    }
}

void reads_slower(const RuleInput& input, std::vector<Measure>& out) {
    const History& history = input.history;
    for (const std::size_t id : catalogue_of(input).named("read_latency_us")) {
        const auto ops_id = same_member(input, id, "read_ops");
        if (!ops_id) {
            continue;
        }
        // Our own reads are among them: those of the application must be more.
        const auto own_id = same_member(input, id, "own_reads");
        const std::int64_t own = own_id ? history.now(*own_id).value_or(0) : 0;
        const double ops = history.amount(*ops_id).value_or(0);
        const double latency_us = history.amount(id).value_or(0);
        const double ops_first = history.at_first(*ops_id).value_or(0);
        const double latency_first_us = history.at_first(id).value_or(0);
        if (ops < kOperationsMin + 2 * static_cast<double>(own) || ops_first < kOperationsMin ||
            latency_first_us <= 0) {
            continue;
        }
        const double now_us = latency_us / ops;
        const double first_us = latency_first_us / ops_first;
        out.push_back(
            {catalogue_of(input).at(id).member,
             now_us / first_us,
             fmt::format("mean of a read {:.0f} µs, at first {:.0f} µs", now_us, first_us)});
    }
}

}  // namespace plumb::watch
