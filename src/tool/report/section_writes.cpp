// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/figures.h"
#include "tool/report/html.h"
#include "tool/report/sections.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace plumb::report {
namespace {

constexpr double kWidth = 1000;

// Ratios from a little below the lowest to a little above the highest, in whole tenths.
struct Scale {
    double low = 0.9;
    double high = 1.2;

    [[nodiscard]] double at(double ratio) const {
        return kWidth * std::clamp((ratio - low) / (high - low), 0.0, 1.0);
    }
};

Scale scale_of(const bench::WriteTrial& trial) {
    Scale out;
    for (const bench::TrialCollection& collection : trial.collections) {
        for (const bench::WriteRow& row : collection.rows) {
            if (row.levels.size() > 1) {
                out.low = std::min(out.low, row.levels.back().ratio.low);
                out.high = std::max(out.high, row.levels.back().ratio.high);
            }
        }
    }
    out.low = std::max(0.0, std::floor(out.low * 10) / 10);
    out.high = std::min(3.0, std::ceil(out.high * 10) / 10);
    return out;
}

std::string axis(const Scale& scale) {
    std::string out = "<div class=\"axis\" aria-hidden=\"true\">";
    const double step = (scale.high - scale.low) / 4;
    for (int tick = 0; tick <= 4; ++tick) {
        const double ratio = scale.low + tick * step;
        out += fmt::format(
            "<span style=\"left:{:.1f}%\">{:.2f}×</span>", scale.at(ratio) / kWidth * 100, ratio);
    }
    return out + "</div>";
}

std::string interval_bar(const bench::WriteRow& row, const Scale& scale) {
    const bench::Interval& ratio = row.levels.back().ratio;
    const double low = scale.at(ratio.low);
    const double high = scale.at(ratio.high);
    const double point = scale.at(ratio.point);
    return fmt::format(
        "<svg class=\"low\" viewBox=\"0 0 1000 18\" preserveAspectRatio=\"none\" role=\"img\" "
        "aria-label=\"{}\">"
        "<line class=\"one\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"0\" y2=\"18\"/>"
        "<rect class=\"b\" x=\"{:.1f}\" y=\"7\" width=\"{:.1f}\" height=\"4\"/>"
        "<rect class=\"a\" x=\"{:.1f}\" y=\"2\" width=\"8\" height=\"14\"/></svg>",
        escaped(bench::interval_text(ratio.point, ratio.low, ratio.high)),
        scale.at(1),
        scale.at(1),
        low,
        std::max(2.0, high - low),
        std::clamp(point - 4, 0.0, kWidth - 8));
}

std::string plot(const bench::WriteTrial& trial) {
    const Scale scale = scale_of(trial);
    std::string out =
        "<div class=\"plot\"><div class=\"legend\"><span>block: duration with all indexes over "
        "duration with none</span><span>bar: 95 % interval</span><span>line: no "
        "difference</span></div>\n" +
        axis(scale);
    for (const bench::TrialCollection& collection : trial.collections) {
        for (const bench::WriteRow& row : collection.rows) {
            if (row.levels.size() < 2) {
                continue;
            }
            const bench::WriteLevel& all = row.levels.back();
            out += fmt::format(
                "<div class=\"bar\"><div class=\"head\"><span><b>{}</b> {}</span>"
                "<span class=\"n\">{} indexes · <b>{}</b></span></div>{}</div>\n",
                escaped(collection.name),
                escaped(row.kind),
                all.indexes,
                bench::interval_text(all.ratio.point, all.ratio.low, all.ratio.high),
                interval_bar(row, scale));
        }
    }
    return out + axis(scale) + "</div>\n";
}

std::string level_cell(const bench::WriteLevel& level) {
    if (level.indexes == 0) {
        return "1";
    }
    const std::string text =
        bench::interval_text(level.ratio.point, level.ratio.low, level.ratio.high);
    return level.ratio.spans_one() ? text + " <span class=\"dim\">no difference</span>" : text;
}

std::string table(const bench::WriteTrial& trial) {
    Table out{"Each kind of write by the number of indexes, in the order of the strategy"};
    out.column("collection").column("write").column("field").column("indexes", true);
    out.column("samples", true).column("p50", true).column("p95", true);
    out.column("to none (95 %)", true);
    for (const bench::TrialCollection& collection : trial.collections) {
        for (const bench::WriteRow& row : collection.rows) {
            if (!row.error.empty()) {
                out.row({escaped(collection.name), escaped(row.kind), escaped(row.error)});
            }
            for (const bench::WriteLevel& level : row.levels) {
                out.row({escaped(collection.name),
                         escaped(row.kind),
                         code_html(row.field),
                         std::to_string(level.indexes),
                         bench::count_text(static_cast<double>(level.samples)),
                         bench::duration_text(level.p50_ns),
                         bench::duration_text(level.p95_ns),
                         level_cell(level)});
            }
        }
    }
    return out.html();
}

std::string builds(const bench::WriteTrial& trial) {
    Table out{"The indexes of the scratch copies, each built alone"};
    out.column("collection").column("documents", true).column("index").column("size", true);
    out.column("built in", true).column("");
    for (const bench::TrialCollection& collection : trial.collections) {
        for (const bench::TrialIndex& index : collection.indexes) {
            out.row({escaped(collection.name),
                     bench::count_text(static_cast<double>(collection.documents)),
                     code_html(index.name),
                     bench::bytes_text(static_cast<double>(index.bytes)),
                     bench::duration_text(static_cast<double>(index.build_ms) * 1e6),
                     escaped(index.note)});
        }
    }
    return out.html();
}

}  // namespace

std::string writes_section(const ReportInput& input) {
    if (!input.writes.has_value()) {
        return {};
    }
    const bench::WriteTrial& trial = *input.writes;
    return fmt::format(
        "<h2>What writes cost</h2>\n<p class=\"dim\">Measured on scratch copies at {}: each write "
        "went to a copy with no index, to one with the first, and so on, in turn.</p>\n{}"
        "<h3>The same as a table</h3>\n{}<br>\n{}",
        escaped(trial.environment.at),
        plot(trial),
        table(trial),
        builds(trial));
}

}  // namespace plumb::report
