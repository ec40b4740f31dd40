// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/watch/time_text.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <charconv>

namespace plumb::watch {
namespace {

struct Unit {
    std::string_view suffix;
    std::int64_t ms;
};

constexpr auto kUnits = std::to_array<Unit>(
    {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}});

constexpr std::int64_t kSpanMaxMs = 366LL * 86'400'000;

}  // namespace

std::string utc_text(std::int64_t ms) {
    const auto seconds = static_cast<std::time_t>(ms / 1000);
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(seconds));
}

std::string span_text(std::int64_t ms) {
    if (ms < 1000) {
        return fmt::format("{:.1f} s", static_cast<double>(ms) / 1000);
    }
    const std::int64_t seconds = ms / 1000;
    if (seconds < 60) {
        return fmt::format("{} s", seconds);
    }
    const std::int64_t minutes = seconds / 60;
    if (minutes < 60) {
        return seconds % 60 == 0 ? fmt::format("{} min", minutes)
                                 : fmt::format("{} min {} s", minutes, seconds % 60);
    }
    if (minutes % (24 * 60) == 0 && minutes > 2 * 24 * 60) {
        return fmt::format("{} days", minutes / (24 * 60));
    }
    return minutes % 60 == 0 ? fmt::format("{} h", minutes / 60)
                             : fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

Result<std::chrono::milliseconds> parse_span(std::string_view text) {
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    const std::string_view suffix{stopped, static_cast<std::size_t>(end - stopped)};
    for (const Unit& unit : kUnits) {
        if (error == std::errc{} && suffix == unit.suffix && number > 0 &&
            number <= kSpanMaxMs / unit.ms) {
            return std::chrono::milliseconds{number * unit.ms};
        }
    }
    return fail(
        ErrorCode::UsageError,
        fmt::format("'{}' is no duration; write 30s, 15m, 48h or 7d, a year at most", text));
}

}  // namespace plumb::watch
