// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/figures.h"

#include <fmt/format.h>

#include <cmath>

namespace plumb::bench {
namespace {

// Three digits that count, whatever the size.
std::string three_digits(double number) {
    const double size = std::abs(number);
    if (size >= 99.95) {
        return fmt::format("{:.0f}", number);
    }
    return size >= 9.995 ? fmt::format("{:.1f}", number) : fmt::format("{:.2f}", number);
}

}  // namespace

std::string duration_text(double nanoseconds) {
    if (nanoseconds < 1e3) {
        return fmt::format("{:.0f} ns", nanoseconds);
    }
    if (nanoseconds < 999.5e3) {
        return fmt::format("{} µs", three_digits(nanoseconds / 1e3));
    }
    if (nanoseconds < 999.5e6) {
        return fmt::format("{} ms", three_digits(nanoseconds / 1e6));
    }
    return fmt::format("{} s", three_digits(nanoseconds / 1e9));
}

std::string count_text(double count) {
    if (count > 0 && count < 9.95 && count != std::floor(count)) {
        return fmt::format("{:.1f}", count);
    }
    std::string digits = fmt::format("{:.0f}", count);
    for (std::size_t at = digits.size(); at > 3 + (count < 0 ? 1U : 0U);) {
        at -= 3;
        digits.insert(at, 1, ' ');
    }
    return digits;
}

std::string documents_text(double count) {
    return count_text(count) + (count == 1 ? " document" : " documents");
}

std::string bytes_text(double bytes) {
    if (bytes < 1e3) {
        return fmt::format("{:.0f} B", bytes);
    }
    if (bytes < 999.5e3) {
        return fmt::format("{} kB", three_digits(bytes / 1e3));
    }
    if (bytes < 999.5e6) {
        return fmt::format("{} MB", three_digits(bytes / 1e6));
    }
    return fmt::format("{} GB", three_digits(bytes / 1e9));
}

std::string factor_text(double factor) {
    return three_digits(factor) + "×";
}

std::string interval_text(double point, double low, double high) {
    return fmt::format("{} ({}–{})", factor_text(point), three_digits(low), three_digits(high));
}

std::string percent_text(double percent) {
    return std::abs(percent) >= 9.95 ? fmt::format("{:.0f} %", percent)
                                     : fmt::format("{:.1f} %", percent);
}

std::size_t columns_of(std::string_view text) {
    std::size_t columns = 0;
    for (const char byte : text) {
        columns += (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U ? 1 : 0;
    }
    return columns;
}

std::string fill_right(std::string_view text, std::size_t columns) {
    const std::size_t width = columns_of(text);
    return std::string{text} + std::string(width < columns ? columns - width : 0, ' ');
}

std::string fill_left(std::string_view text, std::size_t columns) {
    const std::size_t width = columns_of(text);
    return std::string(width < columns ? columns - width : 0, ' ') + std::string{text};
}

}  // namespace plumb::bench
