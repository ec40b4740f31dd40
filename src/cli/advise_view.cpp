// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/advise_view.h"

#include "tool/advise/advice_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace plumb::cli {
namespace {

using advise::IndexAdvice;
using advise::Severity;

std::string count_text(double count) {
    return human_count(static_cast<std::int64_t>(std::llround(count)));
}

std::string sign_of(Console& console, IndexAdvice::What what) {
    switch (what) {
        case IndexAdvice::What::Add:
            return console.coloured(Colour::Green, "+");
        case IndexAdvice::What::Keep:
            return "=";
        case IndexAdvice::What::Drop:
            return console.coloured(Colour::Red, "-");
    }
    return {};
}

std::string ms_text(double us) {
    return fmt::format("{:.1f}", us / 1000);
}

// One line an index; what is to go has no gain.
void print_index(Console& console, const IndexAdvice& index) {
    const bool stays = index.what != IndexAdvice::What::Drop;
    const std::string name = index.collection + " " + index.candidate.text();
    const std::string examined =
        index.serves.empty()
            ? std::string{"-"}
            : fmt::format("{} → {}", count_text(index.docs_before), count_text(index.docs_after));
    console.out(fmt::format("{} {:<52} {:>16} {:>9} {:>7} {:>8} {:>9}  {}  {}",
                            sign_of(console, index.what),
                            name,
                            examined,
                            human_bytes(static_cast<std::int64_t>(index.candidate.bytes)),
                            stays ? fmt::format("{:.2f} s", index.build_us / 1e6) : "-",
                            ms_text(index.upkeep_us),
                            stays ? ms_text(index.gain_us) : "-",
                            stays ? std::to_string(index.priority) : "-",
                            index.why));
}

void print_indexes(Console& console, const advise::Advice& advice) {
    console.out(console.coloured(Colour::Bold, "Indexes"));
    console.out(fmt::format("  {:<52} {:>16} {:>9} {:>7} {:>8} {:>9}  {}  {}",
                            "",
                            "docs examined",
                            "size",
                            "build",
                            "writes",
                            "gain",
                            "P",
                            "why"));
    for (const IndexAdvice& index : advice.indexes) {
        print_index(console, index);
    }
    console.out(
        "  docs examined: a call of the queries it serves, before → after; writes and gain: ms a "
        "minute, gain is what the\n  workload costs more without it; build: an estimate of this "
        "engine; P: priority, 1 takes off 1 % of the workload or more");
}

void print_query(Console& console, const advise::QueryAdvice& query) {
    const double factor = query.after.us > 0 ? query.before.us / query.after.us : 1;
    console.out(fmt::format("  {:<8} {:>9} → {:>9} examined  {:>7.1f}×  {}{}{}",
                            query.asked.label,
                            count_text(query.before.docs + query.before.keys),
                            count_text(query.after.docs + query.after.keys),
                            factor,
                            query.index_after,
                            query.after.covered ? ", covered" : "",
                            query.after.sorts ? ", sorts in memory" : ""));
}

void print_finding(Console& console, const advise::Finding& finding) {
    const Colour colour = finding.severity == Severity::Problem   ? Colour::Red
                          : finding.severity == Severity::Warning ? Colour::Yellow
                                                                  : Colour::Dim;
    console.out(fmt::format("  {} {}", console.coloured(colour, finding.code), finding.text));
    console.out(fmt::format("      {}; {}", finding.evidence, finding.fix));
}

}  // namespace

void print_advice(Console& console, const advise::Advice& advice) {
    print_indexes(console, advice);
    console.out("");
    console.out(console.coloured(Colour::Bold, "Queries (keys and documents, before → after)"));
    for (const advise::QueryAdvice& query : advice.queries) {
        print_query(console, query);
    }
    if (!advice.findings.empty()) {
        console.out("");
        console.out(console.coloured(Colour::Bold, "Findings"));
        for (const advise::Finding& finding : advice.findings) {
            print_finding(console, finding);
        }
    }
    console.out("");
    console.out(
        fmt::format("Workload: {:.1f} → {:.1f} ms of engine time a minute, estimated from "
                    "samples",
                    advice.cost_before_us / 1000,
                    advice.cost_after_us / 1000));
    if (advice.comparison) {
        console.out("");
        print_comparison(console, *advice.comparison);
    }
}

void print_shapes(Console& console, const capture::ShapeTable& table) {
    std::vector<const capture::ShapeStatistics*> shapes;
    for (const capture::ShapeStatistics& shape : table.shapes()) {
        shapes.push_back(&shape);
    }
    std::ranges::stable_sort(shapes, [](const auto* a, const auto* b) {
        return std::tuple{a->ms, a->docs_examined, a->calls} >
               std::tuple{b->ms, b->docs_examined, b->calls};
    });
    console.out(fmt::format("{:<8} {:>9} {:>10} {:>8} {:>8} {:>12} {:>11}  {}",
                            "id",
                            "calls",
                            "total ms",
                            "p50 ms",
                            "p95 ms",
                            "docs/call",
                            "returned",
                            "shape"));
    for (const capture::ShapeStatistics* shape : shapes) {
        const double calls = std::max(1.0, static_cast<double>(shape->calls));
        console.out(fmt::format("{:<8} {:>9} {:>10} {:>8} {:>8} {:>12.1f} {:>11.1f}  {}",
                                shape->shape.id,
                                human_count(shape->calls),
                                human_count(shape->ms),
                                capture::duration_quantile(*shape, 0.5),
                                capture::duration_quantile(*shape, 0.95),
                                static_cast<double>(shape->docs_examined) / calls,
                                static_cast<double>(shape->returned) / calls,
                                shape->shape.text));
        for (const std::string& place : shape->places) {
            console.out(fmt::format("         {}", place));
        }
    }
}

}  // namespace plumb::cli
