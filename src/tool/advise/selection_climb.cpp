// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/selection_internal.h"

#include <algorithm>
#include <optional>

namespace plumb::advise {
namespace {

// Changes smaller than this, in microseconds a minute, are rounding.
constexpr double kNothing = 1e-6;
// Where there are no more free candidates than this every pair is tried, and every detour.
constexpr std::size_t kPairsMax = 40;

class Climber {
  public:
    Climber(const SearchSpace& space, SetCost& costs) : space_(space), costs_(costs) {}

    // Until nothing helps. `locked` stays as it is.
    double run(std::size_t locked = SetCost::kNone) {
        locked_ = locked;
        while (step()) {
        }
        return space_.table().total(costs_.chosen());
    }

    // One candidate is put in or taken out against its cost and held there while the others find
    // their places; then it is let go. Climbing alone stops where two changes help only together.
    double detours(double cost) {
        for (bool better = true; better;) {
            better = false;
            for (const std::size_t at : space_.free()) {
                const std::vector<bool> before = costs_.chosen();
                if (!costs_.has(at) && !make_room(at)) {
                    continue;
                }
                costs_.set(at, !before[at]);
                run(at);
                const double other = run();
                if (other < cost - kNothing) {
                    cost = other;
                    better = true;
                } else {
                    restore(before);
                }
            }
        }
        return cost;
    }

  private:
    void restore(const std::vector<bool>& set) {
        for (std::size_t at = 0; at < set.size(); ++at) {
            costs_.set(at, set[at]);
        }
    }

    // Takes out what must go for `in` to be allowed: at most one, the one that costs least.
    bool make_room(std::size_t in) {
        taken_ = space_.taken(costs_.chosen());
        if (space_.may_join(costs_.chosen(), taken_, in, SetCost::kNone)) {
            return true;
        }
        std::size_t least = SetCost::kNone;
        double least_change = 0;
        for (const std::size_t out : space_.free()) {
            if (costs_.has(out) && space_.may_join(costs_.chosen(), taken_, in, out)) {
                const double change = costs_.change(in, out);
                if (least == SetCost::kNone || change < least_change) {
                    least = out;
                    least_change = change;
                }
            }
        }
        if (least == SetCost::kNone) {
            return false;
        }
        costs_.set(least, false);
        return true;
    }

    bool step() {
        best_ = Move{};
        taken_ = space_.taken(costs_.chosen());
        singles();
        if (best_.change >= -kNothing) {
            exchanges();
            complete_branches();
            if (space_.free().size() <= kPairsMax) {
                pairs();
            }
        }
        if (best_.change >= -kNothing) {
            return false;
        }
        for (const std::size_t out : best_.out) {
            costs_.set(out, false);
        }
        for (const std::size_t in : best_.in) {
            costs_.set(in, true);
        }
        return true;
    }

    struct Move {
        double change = 0;
        std::vector<std::size_t> in;
        std::vector<std::size_t> out;
    };

    void consider(double change, std::vector<std::size_t> in, std::vector<std::size_t> out) {
        if (change < best_.change) {
            best_ = {change, std::move(in), std::move(out)};
        }
    }

    bool may_add(std::size_t at, std::size_t instead_of = SetCost::kNone) const {
        return at != locked_ && !costs_.has(at) &&
               space_.may_join(costs_.chosen(), taken_, at, instead_of);
    }

    void singles() {
        for (const std::size_t at : space_.free()) {
            if (at == locked_) {
                continue;
            }
            if (costs_.has(at)) {
                consider(costs_.change(SetCost::kNone, at), {}, {at});
            } else if (may_add(at)) {
                consider(costs_.change(at, SetCost::kNone), {at}, {});
            }
        }
    }

    void exchanges() {
        for (const std::size_t out : space_.free()) {
            if (!costs_.has(out) || out == locked_) {
                continue;
            }
            for (const std::size_t in : space_.free()) {
                if (may_add(in, out)) {
                    consider(costs_.change(in, out), {in}, {out});
                }
            }
        }
    }

    // The change of adding several; none if they may not be there together.
    std::optional<double> change_of(const std::vector<std::size_t>& in) {
        double sum = 0;
        std::size_t added = 0;
        Taken taken = taken_;
        for (; added < in.size(); ++added) {
            if (in[added] == locked_ || costs_.has(in[added]) ||
                !space_.may_join(costs_.chosen(), taken, in[added], SetCost::kNone)) {
                break;
            }
            sum += costs_.change(in[added], SetCost::kNone);
            costs_.set(in[added], true);
            taken = space_.taken(costs_.chosen());
        }
        for (std::size_t at = 0; at < added; ++at) {
            costs_.set(in[at], false);
        }
        return added == in.size() ? std::optional{sum} : std::nullopt;
    }

    // An $or is served only when all of its branches are: no single index helps it.
    void complete_branches() {
        for (std::size_t row = 0; row < space_.table().queries.size(); ++row) {
            std::vector<std::size_t> in;
            for (const SetCost::Slot& slot : costs_.slots_of(row)) {
                const bool served = std::ranges::any_of(
                    slot.order, [&](std::uint32_t at) { return costs_.has(at); });
                if (!slot.whole && !served && !slot.order.empty() &&
                    std::ranges::find(in, slot.order[0]) == in.end()) {
                    in.push_back(slot.order[0]);
                }
            }
            if (in.size() < 2) {
                continue;
            }
            if (const auto change = change_of(in)) {
                consider(*change, in, {});
            }
        }
    }

    void pairs() {
        const std::vector<std::size_t>& free = space_.free();
        for (std::size_t one = 0; one < free.size(); ++one) {
            for (std::size_t other = one + 1; other < free.size(); ++other) {
                const std::vector<std::size_t> both = {free[one], free[other]};
                if (const auto change = change_of(both)) {
                    consider(*change, both, {});
                }
            }
        }
    }

    const SearchSpace& space_;
    SetCost& costs_;
    std::size_t locked_ = SetCost::kNone;
    Move best_;
    Taken taken_;
};

}  // namespace

double climb(const SearchSpace& space, SetCost& costs) {
    Climber climber{space, costs};
    const double cost = climber.run();
    return space.free().size() <= kPairsMax ? climber.detours(cost) : cost;
}

}  // namespace plumb::advise
