// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/suggest.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace plumb::project {
namespace {

constexpr std::size_t kWordMax = 64;  // a longer word is no typing mistake

// Letters to change, insert, delete or swap with their neighbour to get from `a` to `b`.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> steps(a.size() + 1,
                                                std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                steps[i][j] = i + j;
                continue;
            }
            const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
            steps[i][j] =
                std::min({steps[i - 1][j] + 1, steps[i][j - 1] + 1, steps[i - 1][j - 1] + change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                steps[i][j] = std::min(steps[i][j], steps[i - 2][j - 2] + 1);
            }
        }
    }
    return steps[a.size()][b.size()];
}

}  // namespace

std::string_view closest(std::string_view word, std::span<const std::string_view> known) {
    if (word.empty() || word.size() > kWordMax) {
        return {};
    }
    std::string_view best;
    std::size_t best_steps = std::max<std::size_t>(word.size() / 3, 1) + 1;
    for (const std::string_view each : known) {
        const std::size_t steps = each.size() > kWordMax ? kWordMax : distance(word, each);
        if (steps < best_steps) {
            best = each;
            best_steps = steps;
        }
    }
    return best;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> known) {
    const std::string_view best = closest(word, known);
    return best.empty() ? std::string{} : fmt::format(", did you mean '{}'?", best);
}

}  // namespace plumb::project
