// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/watch_view.h"

#include "bson/builder.h"
#include "bson/json.h"
#include "tool/bench/figures.h"
#include "tool/watch/time_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace plumb::cli {
namespace {

using watch::Alert;
using watch::AlertEvent;
using watch::History;
using watch::Observer;

// What one member's line shows; nothing where the member does not tell.
struct MemberFigures {
    std::string name;
    bool up = false;
    std::string role;
    std::optional<double> reads_a_second;
    std::optional<double> read_us;
    std::optional<double> writes_a_second;
    std::optional<double> cpu_percent;
    std::optional<double> cache_percent;
    std::optional<double> lag_s;
};

std::optional<double> rate_of(const History& history,
                              std::string_view name,
                              const std::string& member) {
    const auto id = history.catalogue().find(name, member);
    return id ? history.rate(*id) : std::nullopt;
}

std::optional<double> now_of(const History& history,
                             std::string_view name,
                             const std::string& member) {
    const auto id = history.catalogue().find(name, member);
    const auto value = id ? history.now(*id) : std::nullopt;
    return value ? std::optional{static_cast<double>(*value)} : std::nullopt;
}

MemberFigures figures_of(const History& history, const std::string& member) {
    MemberFigures out;
    out.name = member;
    out.up = now_of(history, "up", member).value_or(0) > 0;
    const auto role = now_of(history, "role", member);
    out.role = role ? watch::role_name(static_cast<watch::Role>(*role)) : "";
    out.reads_a_second = rate_of(history, "read_ops", member);
    const auto latency = rate_of(history, "read_latency_us", member);
    if (latency && out.reads_a_second.value_or(0) > 0) {
        out.read_us = *latency / *out.reads_a_second;
    }
    const double own = now_of(history, "own_reads", member).value_or(0);
    const auto all = history.catalogue().find("read_ops", member);
    const double amount = all ? history.amount(*all).value_or(0) : 0;
    if (out.reads_a_second && amount > 0) {
        out.reads_a_second = *out.reads_a_second * std::max(0.0, 1 - own / amount);
    }
    out.writes_a_second = rate_of(history, "write_ops", member);
    if (const auto cpu = rate_of(history, "cpu_us", member)) {
        out.cpu_percent = *cpu / 1e4;
    }
    const auto cache = now_of(history, "cache_bytes", member);
    const auto cache_max = now_of(history, "cache_max_bytes", member);
    if (cache && cache_max.value_or(0) > 0) {
        out.cache_percent = 100 * *cache / *cache_max;
    }
    if (const auto lag_ms = now_of(history, "lag_ms", member)) {
        out.lag_s = *lag_ms / 1000;
    }
    return out;
}

std::vector<MemberFigures> all_figures(const History& history) {
    std::vector<MemberFigures> out;
    for (const std::size_t id : history.catalogue().named("up")) {
        out.push_back(figures_of(history, history.catalogue().at(id).member));
    }
    return out;
}

std::string number(const std::optional<double>& value, const char* unit, int decimals = 1) {
    return value ? fmt::format("{:.{}f}{}", *value, decimals, unit) : std::string{"-"};
}

std::string duration(const std::optional<double>& microseconds) {
    return microseconds ? bench::duration_text(*microseconds * 1000) : std::string{"-"};
}

std::string line_of(const MemberFigures& member) {
    if (!member.up) {
        return fmt::format("{} does not answer", member.name);
    }
    std::string line = fmt::format("{} {}: {} reads of {}, {} writes, CPU {}, cache {}",
                                   member.name,
                                   member.role,
                                   number(member.reads_a_second, "/s"),
                                   duration(member.read_us),
                                   number(member.writes_a_second, "/s"),
                                   number(member.cpu_percent, " %"),
                                   number(member.cache_percent, " %", 0));
    if (member.lag_s) {
        line += fmt::format(", {} behind", number(member.lag_s, " s"));
    }
    return line;
}

std::size_t active_alerts(const Observer& observer) {
    std::size_t active = 0;
    for (const Alert& alert : observer.alerts().raised()) {
        active += alert.active ? 1 : 0;
    }
    return active;
}

Colour colour_of(const AlertEvent& event) {
    if (!event.raised) {
        return Colour::Green;
    }
    return event.alert.severity == watch::Severity::Problem ? Colour::Red : Colour::Yellow;
}

void append_figure(bson::Builder& out, std::string_view name, const std::optional<double>& value) {
    if (value) {
        out.append(name, *value);
    }
}

bson::Document sample_document(const watch::Heard& heard) {
    bson::Builder out;
    out.append("type", "sample");
    out.append("at", watch::utc_text(heard.sample.at_ms));
    out.append("n", heard.observer.history().samples());
    out.begin_array("members");
    for (const MemberFigures& member : all_figures(heard.observer.history())) {
        out.push_document();
        out.append("member", member.name);
        out.append("up", member.up);
        out.append("role", member.role);
        append_figure(out, "readsPerSecond", member.reads_a_second);
        append_figure(out, "readMicros", member.read_us);
        append_figure(out, "writesPerSecond", member.writes_a_second);
        append_figure(out, "cpuPercent", member.cpu_percent);
        append_figure(out, "cachePercent", member.cache_percent);
        append_figure(out, "lagSeconds", member.lag_s);
        out.end();
    }
    out.end();
    out.append("activeAlerts", static_cast<std::int64_t>(active_alerts(heard.observer)));
    return out.finish();
}

bson::Document event_document(const watch::Heard& heard, const AlertEvent& event) {
    bson::Builder out;
    out.append("type", "alert");
    out.append("event", event.raised ? "raised" : "cleared");
    out.append("at", watch::utc_text(heard.sample.at_ms));
    out.append("alert", watch::to_document(event.alert));
    return out.finish();
}

std::string row_of(const std::array<std::string, 8>& cells) {
    constexpr std::array<std::size_t, 8> kColumns{24, 10, 11, 10, 11, 9, 8, 8};
    std::string out;
    for (std::size_t at = 0; at < cells.size(); ++at) {
        out += at < 2 ? bench::fill_right(cells[at], kColumns[at])
                      : bench::fill_left(cells[at], kColumns[at]);
    }
    return out;
}

}  // namespace

void WatchView::show_events(const watch::Heard& heard) {
    Console& console = context_.console();
    for (const AlertEvent& event : heard.events) {
        console.out(fmt::format(
            "{} {}",
            watch::utc_text(heard.sample.at_ms),
            console.coloured(
                colour_of(event),
                fmt::format("{} {} {}: {}",
                            event.raised ? watch::severity_name(event.alert.severity) : "over:",
                            event.alert.code,
                            event.alert.subject,
                            event.alert.evidence))));
    }
}

void WatchView::show_table(const Observer& observer) {
    std::vector<std::string> lines;
    lines.push_back(
        row_of({"member", "role", "reads/s", "a read", "writes/s", "CPU", "cache", "lag"}));
    for (const MemberFigures& member : all_figures(observer.history())) {
        lines.push_back(row_of({member.name,
                                member.up ? member.role : "gone",
                                number(member.reads_a_second, ""),
                                duration(member.read_us),
                                number(member.writes_a_second, ""),
                                number(member.cpu_percent, " %"),
                                number(member.cache_percent, " %", 0),
                                number(member.lag_s, " s")}));
    }
    lines.push_back(fmt::format("sample {} at {}, {} alerts active; Ctrl-C ends with the summary",
                                observer.history().samples(),
                                watch::utc_text(observer.history().at_ms()),
                                active_alerts(observer)));
    for (const std::string& line : lines) {
        context_.console().out(line);
    }
    table_lines_ = lines.size();
}

void WatchView::show(const watch::Heard& heard) {
    Console& console = context_.console();
    if (context_.options.json) {
        console.out(bson::to_json(sample_document(heard)));
        for (const AlertEvent& event : heard.events) {
            console.out(bson::to_json(event_document(heard, event)));
        }
        return;
    }
    if (console.out_is_terminal() && heard.live) {
        if (table_lines_ > 0) {
            console.raw(fmt::format("\x1b[{}A\x1b[J", table_lines_));  // up, and wipe what follows
        }
        show_events(heard);
        show_table(heard.observer);
        return;
    }
    if (!context_.options.quiet && heard.live) {
        for (const MemberFigures& member : all_figures(heard.observer.history())) {
            console.out(fmt::format("{} {}", watch::utc_text(heard.sample.at_ms), line_of(member)));
        }
    }
    show_events(heard);
}

void WatchView::show(const watch::Summary& summary) {
    if (context_.options.json) {
        bson::Builder out;
        out.append("type", "summary");
        out.append_all(watch::to_document(summary));
        context_.console().out(bson::to_json(out.finish()));
        return;
    }
    for (const std::string& line : watch::summary_lines(summary)) {
        context_.console().out(line);
    }
}

}  // namespace plumb::cli
