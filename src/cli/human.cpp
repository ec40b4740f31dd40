// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/console.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace plumb::cli {

std::string human_count(std::int64_t count) {
    const std::string digits = fmt::format("{}", count);
    const std::size_t first = digits.front() == '-' ? 1 : 0;
    std::string out;
    for (std::size_t at = 0; at < digits.size(); ++at) {
        if (at > first && (digits.size() - at) % 3 == 0) {
            out += ' ';
        }
        out += digits[at];
    }
    return out;
}

std::string human_bytes(std::int64_t bytes) {
    constexpr auto kUnits = std::to_array<std::string_view>({"B", "kB", "MB", "GB", "TB", "PB"});
    double amount = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (std::abs(amount) >= 999.5 && unit + 1 < kUnits.size()) {
        amount /= 1000;
        ++unit;
    }
    const bool whole = unit == 0 || std::abs(amount) >= 99.5;
    return whole ? fmt::format("{:.0f} {}", amount, kUnits.at(unit))
                 : fmt::format("{:.1f} {}", amount, kUnits.at(unit));
}

std::string human_duration(std::chrono::milliseconds duration) {
    const std::int64_t ms = duration.count();
    if (ms < 1000) {
        return fmt::format("{} ms", ms);
    }
    if (ms < 60'000) {
        return fmt::format("{:.1f} s", static_cast<double>(ms) / 1000);
    }
    const std::int64_t seconds = ms / 1000;
    if (seconds < 3600) {
        return fmt::format("{} min {:02} s", seconds / 60, seconds % 60);
    }
    return fmt::format("{} h {:02} min", seconds / 3600, seconds / 60 % 60);
}

std::string progress_line(std::string_view label,
                          std::int64_t done,
                          std::int64_t total,
                          double per_second) {
    std::string line = fmt::format("{} {}", label, human_count(done));
    if (total > 0) {
        const double share = static_cast<double>(done) / static_cast<double>(total);
        line += fmt::format(" / {} ({:.0f} %)", human_count(total), std::floor(share * 100));
    }
    if (per_second > 0) {
        line += fmt::format(", {}/s", human_count(std::llround(per_second)));
        if (total > done) {
            const double left = static_cast<double>(total - done) / per_second;
            const std::chrono::milliseconds rounded{std::llround(left) * 1000};
            line += fmt::format(", {} left", human_duration(rounded));
        }
    }
    return line;
}

}  // namespace plumb::cli
