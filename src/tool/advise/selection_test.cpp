// SPDX-License-Identifier: GPL-3.0-or-later
// The search for the best set, against every set there is.
#include "tool/advise/selection.h"

#include "base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace plumb::advise {
namespace {

constexpr double kUnusable = std::numeric_limits<double>::infinity();

struct Instance {
    CostTable table;
    std::vector<Candidate> candidates;
};

std::vector<double> random_costs(Random& random, std::size_t candidates, double scan) {
    std::vector<double> out;
    for (std::size_t at = 0; at < candidates; ++at) {
        // Some of those that can be used cost more than the scan.
        out.push_back(random.chance(0.3) ? random.unit() * scan * 1.3 : kUnusable);
    }
    return out;
}

// Queries, one in four with an $or; candidates whose keys sometimes are the same.
Instance random_instance(std::uint64_t seed, std::size_t candidates) {
    Random random{seed};
    Instance out;
    out.candidates.resize(candidates);
    for (std::size_t at = 0; at < candidates; ++at) {
        const std::size_t key = random.chance(0.2) ? random.below(candidates) : at;
        out.candidates[at].fields = {{"f" + std::to_string(key), 1}};
        out.candidates[at].bytes = static_cast<double>(random.below(5'000'000));
        out.table.upkeep.push_back(static_cast<double>(random.below(3000)));
        out.table.size_cost.push_back(out.candidates[at].bytes / 1e5);
        out.table.must_stay.push_back(random.chance(0.05));
    }
    for (std::uint64_t query = 0; query < 4 + random.below(10); ++query) {
        CostTable::Row row;
        row.scan = 200 + static_cast<double>(random.below(2000));
        row.weight = 1 + static_cast<double>(random.below(20));
        row.whole.by_branch.push_back(random_costs(random, candidates, row.scan));
        if (random.chance(0.25)) {
            std::ranges::fill(row.whole.by_branch[0], kUnusable);
            for (int branch = 0; branch < 2; ++branch) {
                row.branches.by_branch.push_back(random_costs(random, candidates, row.scan / 2));
            }
        }
        out.table.queries.push_back(std::move(row));
    }
    return out;
}

bool allowed(const Instance& instance, const std::vector<bool>& chosen, std::size_t most) {
    std::size_t count = 0;
    for (std::size_t one = 0; one < chosen.size(); ++one) {
        count += chosen[one] ? 1U : 0U;
        for (std::size_t other = one + 1; other < chosen.size(); ++other) {
            const bool both_stay = instance.table.must_stay[one] && instance.table.must_stay[other];
            if (chosen[one] && chosen[other] && !both_stay &&
                instance.candidates[one].fields == instance.candidates[other].fields) {
                return false;
            }
        }
    }
    return count <= most;
}

// By looking at every set.
double optimum(const Instance& instance, std::size_t most) {
    double best = kUnusable;
    const std::size_t count = instance.candidates.size();
    for (std::uint64_t set = 0; set < (std::uint64_t{1} << count); ++set) {
        std::vector<bool> chosen;
        bool keeps = true;
        for (std::size_t at = 0; at < count; ++at) {
            chosen.push_back((set >> at & 1U) != 0);
            keeps = keeps && (chosen[at] || !instance.table.must_stay[at]);
        }
        if (keeps && allowed(instance, chosen, most)) {
            best = std::min(best, instance.table.total(chosen));
        }
    }
    return best;
}

double chosen_cost(const Instance& instance, Method method, std::size_t most) {
    SelectionLimits limits;
    limits.gain_min = 0;
    limits.method = method;
    limits.indexes_max = most;
    return select_indexes(instance.table, instance.candidates, limits).cost_after;
}

TEST(Selection, the_tree_finds_the_optimum) {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        const Instance instance = random_instance(seed, 11);
        for (const std::size_t most : {3U, 11U}) {
            const double best = optimum(instance, most);
            if (best < kUnusable) {
                EXPECT_NEAR(chosen_cost(instance, Method::Exact, most), best, best * 1e-9)
                    << "seed " << seed << ", at most " << most;
            }
        }
    }
}

TEST(Selection, climbing_is_within_five_per_cent_of_the_optimum) {
    double worst = 1;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        const Instance instance = random_instance(seed, 22);
        const double best = chosen_cost(instance, Method::Exact, 22);
        const double climbed = chosen_cost(instance, Method::Climb, 22);
        EXPECT_GE(climbed, best * (1 - 1e-9)) << "seed " << seed;
        EXPECT_LE(climbed, best * 1.05) << "seed " << seed;
        worst = std::max(worst, climbed / best);
    }
    RecordProperty("worst", std::to_string(worst));
}

TEST(Selection, more_indexes_never_cost_more) {
    const Instance instance = random_instance(5, 16);
    SelectionLimits limits;
    limits.gain_min = 0;
    const std::vector<Selection> curve =
        select_by_count(instance.table, instance.candidates, limits);
    ASSERT_GT(curve.size(), 2U);
    for (std::size_t count = 1; count < curve.size(); ++count) {
        EXPECT_LE(curve[count].cost_after, curve[count - 1].cost_after * (1 + 1e-9));
        EXPECT_LE(curve[count].indexes, std::max<std::size_t>(count, curve[0].indexes));
    }
}

TEST(Selection, a_total_is_shared_out_where_it_helps_most) {
    const auto curve = [](std::vector<double> costs) {
        std::vector<Selection> out;
        for (std::size_t count = 0; count < costs.size(); ++count) {
            Selection each;
            each.cost_after = costs[count];
            each.indexes = count;
            out.push_back(each);
        }
        return out;
    };
    // The second collection gains nothing by one index and much by two.
    const std::vector<std::vector<Selection>> curves = {
        curve({100, 60, 50}), curve({500, 500, 100}), curve({10, 1})};
    EXPECT_EQ(share_out(curves, 2), (std::vector<std::size_t>{0, 2, 0}));
    EXPECT_EQ(share_out(curves, 3), (std::vector<std::size_t>{1, 2, 0}));
    EXPECT_EQ(share_out(curves, 9), (std::vector<std::size_t>{2, 2, 1}));
    EXPECT_EQ(share_out(curves, 0), (std::vector<std::size_t>{0, 0, 0}));
}

TEST(Selection, keeps_the_upkeep_within_its_share_of_the_writes) {
    Instance instance = random_instance(9, 14);
    instance.table.writes = 20'000;
    SelectionLimits limits;
    limits.gain_min = 0;
    limits.write_overhead_max = 0.1;
    const Selection selection = select_indexes(instance.table, instance.candidates, limits);
    double upkeep = 0;
    double kept = 0;
    for (std::size_t at = 0; at < selection.chosen.size(); ++at) {
        upkeep += selection.chosen[at] ? instance.table.upkeep[at] : 0;
        kept += instance.table.must_stay[at] ? instance.table.upkeep[at] : 0;
    }
    EXPECT_LE(upkeep, std::max(2000.0, kept));
}

}  // namespace
}  // namespace plumb::advise
