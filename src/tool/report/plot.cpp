// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/report/plot.h"

#include "tool/bench/figures.h"
#include "tool/report/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace plumb::report {
namespace {

using bench::RowComparison;
using bench::Verdict;

// Units of the bars' own width; they stretch to the page's.
constexpr double kWidth = 1000;

// Whole powers of ten around all values, in nanoseconds.
struct Scale {
    double low = 1e4;
    double high = 1e9;

    [[nodiscard]] std::vector<double> ticks() const {
        const auto count = static_cast<std::size_t>(std::lround(std::log10(high / low))) + 1;
        std::vector<double> out(count);
        for (std::size_t index = 0; index < count; ++index) {
            out[index] = low * std::pow(10, index);
        }
        return out;
    }

    [[nodiscard]] double at(double value) const {
        const double share = std::log10(value / low) / std::log10(high / low);
        return kWidth * std::clamp(share, 0.0, 1.0);
    }
};

Scale scale_of(const std::vector<RowComparison>& rows) {
    double low = 1e18;
    double high = 1;
    for (const RowComparison& row : rows) {
        if (row.verdict != Verdict::NotMeasured) {
            low = std::min({low, row.before.p50_ns, row.after.p50_ns});
            high = std::max({high, row.before.p50_ns, row.after.p50_ns});
        }
    }
    Scale out;
    out.low = std::pow(10, std::floor(std::log10(std::max(1.0, low)) - 0.05));
    out.high = std::pow(10, std::ceil(std::log10(std::max(10.0, high)) + 0.05));
    return out;
}

std::string legend_item(const char* shape, const char* text) {
    return fmt::format(
        "<span><svg viewBox=\"0 0 32 16\" aria-hidden=\"true\">"
        "<rect class=\"{}\" x=\"1\" y=\"3\" width=\"30\" height=\"10\"/></svg>{}</span>",
        shape,
        text);
}

std::string grid(const Scale& scale) {
    std::string out;
    for (const double tick : scale.ticks()) {
        out +=
            fmt::format("<line class=\"grid\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"0\" y2=\"30\"/>",
                        scale.at(tick));
    }
    return out;
}

// The promised factor as a range of durations, from this row's own duration before.
std::string promise_band(const RowComparison& row, const Scale& scale) {
    if (!row.promise.has_value() || row.promise->range.low <= 0) {
        return {};
    }
    const double from = scale.at(row.before.p50_ns / row.promise->range.high);
    const double to = scale.at(row.before.p50_ns / row.promise->range.low);
    return fmt::format("<rect class=\"p\" x=\"{:.1f}\" y=\"0.5\" width=\"{:.1f}\" height=\"29\"/>",
                       from,
                       std::max(2.0, to - from));
}

std::string bars(const RowComparison& row, const Scale& scale) {
    const std::string alternative = fmt::format("{} before {}, after {}",
                                                row.after.id,
                                                bench::duration_text(row.before.p50_ns),
                                                bench::duration_text(row.after.p50_ns));
    return fmt::format(
        "<svg viewBox=\"0 0 1000 30\" preserveAspectRatio=\"none\" role=\"img\" "
        "aria-label=\"{}\">{}"
        "<rect class=\"b\" x=\"0\" y=\"4\" width=\"{:.1f}\" height=\"9\"/>"
        "<rect class=\"a\" x=\"0\" y=\"16\" width=\"{:.1f}\" height=\"9\"/>{}</svg>",
        escaped(alternative),
        grid(scale),
        std::max(2.0, scale.at(row.before.p50_ns)),
        std::max(2.0, scale.at(row.after.p50_ns)),
        promise_band(row, scale));
}

std::string axis(const Scale& scale) {
    std::string out = "<div class=\"axis\" aria-hidden=\"true\">";
    for (const double tick : scale.ticks()) {
        const std::string label = tick < 1e6   ? fmt::format("{:.0f} µs", tick / 1e3)
                                  : tick < 1e9 ? fmt::format("{:.0f} ms", tick / 1e6)
                                               : fmt::format("{:.0f} s", tick / 1e9);
        out += fmt::format(
            "<span style=\"left:{:.1f}%\">{}</span>", scale.at(tick) / kWidth * 100, label);
    }
    return out + "</div>";
}

}  // namespace

std::string before_after_plot(const std::vector<RowComparison>& rows) {
    const Scale scale = scale_of(rows);
    std::string out = "<div class=\"plot\"><div class=\"legend\">";
    out += legend_item("b", "median before") + legend_item("a", "median after") +
           legend_item("p", "where the promise would put it");
    out += "</div>\n" + axis(scale);
    for (const RowComparison& row : rows) {
        if (row.verdict == Verdict::NotMeasured) {
            continue;
        }
        out += fmt::format(
            "<div class=\"bar\"><div class=\"head\"><span><b>{}</b> {}</span>"
            "<span class=\"n\">{} → {} · <b>{}</b></span></div>{}</div>\n",
            escaped(row.after.id),
            escaped(row.after.title),
            bench::duration_text(row.before.p50_ns),
            bench::duration_text(row.after.p50_ns),
            bench::factor_text(row.factor.point),
            bars(row, scale));
    }
    return out + axis(scale) + "</div>\n";
}

}  // namespace plumb::report
