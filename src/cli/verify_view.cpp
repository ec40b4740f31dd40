// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/verify_view.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

namespace plumb::cli {
namespace {

using verify::Mark;

struct MarkLook {
    Mark mark;
    std::string_view sign;
    Colour colour;
};

constexpr auto kLooks = std::to_array<MarkLook>({
    {Mark::Ok, "✓", Colour::Green},
    {Mark::Adopted, "✓ adopted", Colour::Green},
    {Mark::Builtin, "·", Colour::Dim},
    {Mark::Missing, "✗ missing", Colour::Red},
    {Mark::Different, "✗ different", Colour::Red},
    {Mark::Extra, "? extra, not in the strategy", Colour::Yellow},
    {Mark::Ignored, "· ignored", Colour::Dim},
    {Mark::Later, "✓ later", Colour::Dim},
    {Mark::Building, "✗ not ready", Colour::Yellow},
    {Mark::Inconsistent, "✗ inconsistent", Colour::Red},
    {Mark::Invalid, "✗ invalid", Colour::Red},
});

int count_of(const verify::Report& report, Mark mark) {
    const auto found = report.counts.find(mark);
    return found == report.counts.end() ? 0 : found->second;
}

// "; 1 inconsistent", nothing for a mark that is rare and not there.
std::string rare(const verify::Report& report, Mark mark) {
    const int count = count_of(report, mark);
    return count == 0 ? "" : fmt::format(", {} {}", count, verify::mark_name(mark));
}

// The tier Unused is said without being asked for; it is what somebody may act on.
std::string usage_note(const verify::Line& line, bool with_usage) {
    const bool says = !line.usage.empty() && (with_usage || line.usage == "unused");
    return says ? fmt::format("  use: {} ({})", line.usage, line.usage_reason) : "";
}

void add_members(const verify::Report& report, std::vector<std::string>& out) {
    if (!report.asked.empty()) {
        out.push_back(fmt::format(
            "{} asked: {}",
            report.asked.size() == 1 ? "1 member" : fmt::format("{} members", report.asked.size()),
            fmt::join(report.asked, ", ")));
    }
    for (const index_facts::Unreached& each : report.not_asked) {
        out.push_back(fmt::format("not asked: {}: {}", each.name, each.why));
    }
    for (const std::string& note : report.notes) {
        out.push_back("note: " + note);
    }
}

}  // namespace

std::string verify_line(const Console& console, const verify::Line& line, bool with_usage) {
    const MarkLook& look = kLooks.at(static_cast<std::size_t>(line.mark));
    std::string text = fmt::format("  - {}: {}{}  {}",
                                   line.name,
                                   project::key_text(line.key.view()),
                                   line.unique ? " unique" : "",
                                   console.coloured(look.colour, look.sign));
    if (!line.detail.empty()) {
        text += fmt::format(" ({})", line.detail);
    }
    if (line.mark == Mark::Missing && !line.purpose.empty()) {
        text += fmt::format(
            " ({}{}{})", line.purpose, line.owner.empty() ? "" : "; owner ", line.owner);
    }
    if (!line.redundant.empty()) {
        text +=
            console.coloured(Colour::Yellow, fmt::format("  note: redundant, {}", line.redundant));
    } else if (!line.kept.empty()) {
        text += console.coloured(Colour::Dim, fmt::format("  note: {}", line.kept));
    }
    return text + console.coloured(Colour::Dim, usage_note(line, with_usage));
}

std::string verify_summary(const Console& console, const verify::Report& report) {
    const std::string summary =
        fmt::format("{} of {} declared indexes are there; {} missing, {} different, {} extra{}{}{}",
                    count_of(report, Mark::Ok) + count_of(report, Mark::Adopted),
                    report.checked,
                    count_of(report, Mark::Missing),
                    count_of(report, Mark::Different),
                    count_of(report, Mark::Extra),
                    rare(report, Mark::Building),
                    rare(report, Mark::Inconsistent),
                    rare(report, Mark::Invalid));
    return report.drift ? console.coloured(Colour::Red, "✗ drift: " + summary)
                        : console.coloured(Colour::Green, "✓ no drift: " + summary);
}

std::vector<std::string> verify_lines(const Console& console,
                                      const verify::Report& report,
                                      bool with_usage) {
    std::vector<std::string> out;
    for (const verify::CollectionReport& collection : report.collections) {
        std::string head = fmt::format("{}: {} {}",
                                       collection.name,
                                       collection.indexes,
                                       collection.indexes == 1 ? "index" : "indexes");
        if (!collection.validity.empty()) {
            head += fmt::format("  {}: {}",
                                collection.valid ? console.coloured(Colour::Green, "✓ valid")
                                                 : console.coloured(Colour::Red, "✗ not valid"),
                                collection.validity);
        }
        out.push_back(std::move(head));
        for (const verify::Line& line : collection.lines) {
            out.push_back(verify_line(console, line, with_usage));
            for (const std::string& step : line.way_out) {
                out.push_back("      " + step);
            }
        }
    }
    out.emplace_back();
    add_members(report, out);
    out.push_back(verify_summary(console, report));
    return out;
}

}  // namespace plumb::cli
