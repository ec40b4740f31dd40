// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/json.h"
#include "cli/advise_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace plumb::cli {
namespace {

constexpr std::size_t kConsideredShown = 20;

std::string count_text(double count) {
    return human_count(static_cast<std::int64_t>(std::llround(count)));
}

std::string access_text(const advise::Access& access, const std::string& index) {
    return fmt::format("{}: {} keys, {} documents, {} returned, {:.1f} µs a call{}{}",
                       index,
                       count_text(access.keys),
                       count_text(access.docs),
                       count_text(access.returned),
                       access.us,
                       access.covered ? ", covered" : "",
                       access.sorts ? ", sorts in memory" : "");
}

void print_field(Console& console, const advise::FieldStatistics& field) {
    std::string types;
    for (const auto& [name, share] : field.types) {
        types += fmt::format("{}{} {:.0f} %", types.empty() ? "" : ", ", name, 100 * share);
    }
    std::string top;
    for (const auto& [value, share] : field.top) {
        top += fmt::format(
            "{}{} {:.1f} %", top.empty() ? "" : ", ", bson::to_json(value), 100 * share);
    }
    console.out(fmt::format("  {}: present in {:.1f} %, about {} distinct ({} in the sample); {}",
                            field.path,
                            100 * field.present,
                            count_text(field.distinct),
                            count_text(field.distinct_in_sample),
                            types));
    if (top.empty() && field.top_share > 0) {
        console.out(
            fmt::format("      the most frequent value is in {:.2f} %", 100 * field.top_share));
    }
    if (!top.empty()) {
        console.out("      most frequent: " + top);
    }
    if (field.array_max > 0) {
        console.out(fmt::format("      arrays of {} to {} elements, {:.1f} on average",
                                field.array_min,
                                field.array_max,
                                field.array_mean));
    }
}

void print_considered(Console& console, const advise::QueryExplanation& explanation) {
    console.out("");
    console.out(console.coloured(Colour::Bold, "Candidates for it, cheapest first"));
    console.out(fmt::format("  {:<52} {:>9} {:>9} {:>10} {:>9} {:>10}  {}",
                            "",
                            "keys",
                            "docs",
                            "µs a call",
                            "size",
                            "writes/min",
                            "why"));
    const std::size_t shown = std::min(explanation.considered.size(), kConsideredShown);
    for (std::size_t at = 0; at < shown; ++at) {
        const advise::ConsideredIndex& each = explanation.considered[at];
        console.out(fmt::format("{} {:<52} {:>9} {:>9} {:>10.1f} {:>9} {:>8.1f} µs  {}",
                                each.chosen ? console.coloured(Colour::Green, "+") : " ",
                                each.candidate.text(),
                                count_text(each.access.keys),
                                count_text(each.access.docs),
                                each.access.us,
                                human_bytes(static_cast<std::int64_t>(each.candidate.bytes)),
                                each.upkeep_us,
                                each.why));
    }
    console.out(fmt::format("  {} more that serve it; {} candidates of the collection do not",
                            explanation.considered.size() - shown,
                            explanation.not_usable));
}

}  // namespace

void print_explanation(Console& console, const advise::QueryExplanation& explanation) {
    console.out(
        console.coloured(Colour::Bold, fmt::format("{} {}", explanation.label, explanation.title)));
    console.out(fmt::format("  {}", explanation.shape));
    console.out(fmt::format("  {:g} calls a minute on {}: {} documents of {:.0f} bytes, {} sampled",
                            explanation.calls_a_minute,
                            explanation.collection,
                            count_text(static_cast<double>(explanation.documents)),
                            explanation.document_bytes,
                            count_text(static_cast<double>(explanation.sampled))));
    console.out(fmt::format("  judged with {} sets of values{}",
                            explanation.instance_count,
                            explanation.instances.empty() ? "" : ", for instance"));
    for (const std::string& instance : explanation.instances) {
        console.out("      " + instance);
    }
    console.out("");
    console.out(console.coloured(Colour::Bold, "What its fields hold"));
    for (const advise::FieldStatistics& field : explanation.fields) {
        print_field(console, field);
    }
    console.out("");
    console.out(console.coloured(Colour::Bold, "How it is answered"));
    console.out("  a scan would be " + access_text(explanation.scan, "scan"));
    console.out("  now             " + access_text(explanation.before, explanation.index_before));
    console.out("  with the advice " + access_text(explanation.after, explanation.index_after));
    print_considered(console, explanation);
}

}  // namespace plumb::cli
