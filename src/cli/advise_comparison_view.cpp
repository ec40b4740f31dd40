// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/advise_view.h"

#include <fmt/format.h>

#include <cmath>

namespace plumb::cli {
namespace {

std::string count_text(double count) {
    return human_count(static_cast<std::int64_t>(std::llround(count)));
}

std::string ms_text(double us) {
    return fmt::format("{:.1f}", us / 1000);
}

void print_row(Console& console,
               std::string_view name,
               const std::string& a,
               const std::string& b) {
    console.out(fmt::format("  {:<34} {:>14} {:>14}", name, a, b));
}

std::string examined(const advise::Access& access) {
    return fmt::format("{} + {}", count_text(access.keys), count_text(access.docs));
}

}  // namespace

void print_comparison(Console& console, const advise::Comparison& comparison) {
    console.out(console.coloured(
        Colour::Bold,
        fmt::format("{}{} against the advice",
                    comparison.file,
                    comparison.priority > 0 ? fmt::format(" (priority ≤ {})", comparison.priority)
                                            : std::string{})));
    const advise::SetFigures& document = comparison.document;
    const advise::SetFigures& advised = comparison.advised;
    print_row(console, "", "document", "advice");
    print_row(
        console, "indexes", std::to_string(document.indexes), std::to_string(advised.indexes));
    print_row(console,
              "size",
              human_bytes(static_cast<std::int64_t>(document.bytes)),
              human_bytes(static_cast<std::int64_t>(advised.bytes)));
    print_row(
        console, "queries, ms a minute", ms_text(document.queries_us), ms_text(advised.queries_us));
    print_row(
        console, "upkeep, ms a minute", ms_text(document.upkeep_us), ms_text(advised.upkeep_us));
    print_row(
        console, "workload cost, ms a minute", ms_text(document.cost_us), ms_text(advised.cost_us));
    console.out(fmt::format("  the advice costs {:.2f} of what the document's set costs",
                            document.cost_us > 0 ? advised.cost_us / document.cost_us : 1.0));
    console.out("");
    console.out(fmt::format("  {:<18} {:>9} {:>18} {:>18}  {}",
                            "query",
                            "calls/min",
                            "keys + docs",
                            "keys + docs",
                            "index: document | advice"));
    for (const advise::ComparedQuery& query : comparison.queries) {
        const bool same = query.index_document == query.index_advised;
        console.out(fmt::format("  {:<18} {:>9.4g} {:>18} {:>18}  {}{}",
                                query.label,
                                query.calls_a_minute,
                                examined(query.document),
                                examined(query.advised),
                                query.index_document,
                                same ? "" : " | " + query.index_advised));
    }
    for (const std::string& index : comparison.left_out) {
        console.out("  not counted, no plain index: " + index);
    }
}

}  // namespace plumb::cli
