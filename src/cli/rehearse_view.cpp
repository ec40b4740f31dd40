// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/rehearse_view.h"

#include "project/migration_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace plumb::cli {
namespace {

using rehearse::Estimate;
using rehearse::Rehearsal;

constexpr std::size_t kTitleWidth = 34;

std::string number_text(double number) {
    if (number >= 100'000) {
        return human_count(static_cast<std::int64_t>(std::llround(number / 1000) * 1000));
    }
    if (number >= 100 || number == std::floor(number)) {
        return human_count(std::llround(number));
    }
    return fmt::format("{:.1f}", number);
}

std::string bytes_text(double bytes) {
    return human_bytes(std::llround(bytes));
}

std::string ms_text(double ms) {
    return ms < 10      ? fmt::format("{:.2f} ms", ms)
           : ms < 10000 ? fmt::format("{:.0f} ms", ms)
                        : human_duration(std::chrono::milliseconds{std::llround(ms)});
}

// "12.3 MB", or "12.3 MB (11.0 MB – 13.9 MB)" where it is a forecast.
std::string estimate_text(const Estimate& one, std::string (*text)(double)) {
    if (one.is_exact()) {
        return text(one.value);
    }
    return fmt::format("{} ({} – {})", text(one.value), text(one.low), text(one.high));
}

std::string factor_text(const Estimate& factor) {
    const auto text = [](double one) {
        return one >= 100  ? fmt::format("{:.0f}×", one)
               : one >= 10 ? fmt::format("{:.1f}×", one)
                           : fmt::format("{:.2f}×", one);
    };
    return factor.is_exact()
               ? text(factor.value)
               : fmt::format(
                     "{} ({} – {})", text(factor.value), text(factor.low), text(factor.high));
}

// Cut to so many characters; the text is counted by code points, as a terminal shows it.
std::string fitted(std::string text, std::size_t width) {
    std::size_t shown = 0;
    std::size_t at = 0;
    while (at < text.size() && shown < width) {
        ++at;
        while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) {
            ++at;
        }
        ++shown;
    }
    text.resize(at);
    return text + std::string(width - shown, ' ');
}

void heading(Console& console, std::string_view text) {
    console.out("");
    console.out(console.coloured(Colour::Bold, text));
}

void print_collections(Console& console, const Rehearsal& rehearsal) {
    heading(console, fmt::format("Copied from {} in {}", rehearsal.database, rehearsal.source));
    for (const rehearse::CollectionLine& line : rehearsal.collections) {
        if (line.how == "view") {
            console.out(fmt::format("  {:<24} view", line.name));
            continue;
        }
        console.out(fmt::format("  {:<24} {:>10} of {:>10} documents  {}",
                                line.name,
                                human_count(line.copied),
                                human_count(line.documents),
                                line.how));
    }
}

void print_lint(Console& console, const Rehearsal& rehearsal) {
    if (rehearsal.lint.empty()) {
        return;
    }
    heading(console, "Lint");
    for (const rehearse::LintLine& line : rehearsal.lint) {
        console.out(
            fmt::format("  {} {}:{}: {}",
                        console.coloured(line.error ? Colour::Red : Colour::Yellow, line.code),
                        line.file,
                        line.line,
                        line.text));
    }
}

void print_migrations(Console& console, const Rehearsal& rehearsal) {
    heading(console, "Migrations, on the copy");
    for (const rehearse::MigrationLine& line : rehearsal.migrations) {
        std::string text = fmt::format("  {} {:<28} {}",
                                       project::version_text(static_cast<int>(line.version)),
                                       line.name,
                                       line.state);
        if (line.state == "applied") {
            text += fmt::format(": up {}", human_duration(std::chrono::milliseconds{line.up_ms}));
        }
        if (line.went_down) {
            text +=
                fmt::format(", down {}", human_duration(std::chrono::milliseconds{line.down_ms}));
        }
        if (line.went_up_again) {
            text += fmt::format(", up again {} and nothing to do after that",
                                human_duration(std::chrono::milliseconds{line.again_ms}));
        }
        console.out(text);
    }
    const rehearse::Rollback& rollback = rehearsal.rollback;
    if (rollback.done) {
        const bool exact = rollback.same_content && rollback.same_indexes;
        console.out(
            exact ? console.coloured(Colour::Green,
                                     "  ✓ after down every document, index and option is as it was")
                  : console.coloured(Colour::Red, "  ✗ after down the database is not as it was"));
    }
}

void print_builds(Console& console, const Rehearsal& rehearsal) {
    if (rehearsal.builds.empty()) {
        return;
    }
    heading(console,
            rehearsal.sampled()
                ? "Builds, forecast for all documents (nine times in ten within the brackets), on "
                  "this engine"
                : "Builds, measured on this engine");
    for (const rehearse::BuildLine& build : rehearsal.builds) {
        console.out(fmt::format("  {:<24} {:>2} {:<8} {}",
                                build.collection,
                                build.indexes.size(),
                                build.indexes.size() == 1 ? "index" : "indexes",
                                estimate_text(build.ms, ms_text)));
        for (const rehearse::IndexLine& index : rehearsal.indexes) {
            const bool here = index.collection == build.collection &&
                              index.version == build.version &&
                              std::find(build.indexes.begin(), build.indexes.end(), index.name) !=
                                  build.indexes.end();
            if (here) {
                console.out(fmt::format("    {:<40} {}{}",
                                        index.name,
                                        estimate_text(index.bytes, bytes_text),
                                        index.multikey ? ", multikey" : ""));
            }
        }
    }
    if (rehearsal.peak_memory_bytes > 0) {
        console.out(fmt::format("  memory of the engine during up{}: {} at most",
                                rehearsal.sampled() ? ", of the sample" : "",
                                human_bytes(rehearsal.peak_memory_bytes)));
    }
}

void print_query(Console& console, const rehearse::QueryLine& query) {
    const std::string name = fitted(fmt::format("{} {}", query.id, query.title), kTitleWidth);
    if (!query.error.empty()) {
        console.out(fmt::format("  {} not measured: {}", name, query.error));
        return;
    }
    console.out(fmt::format("  {} {:>10} → {:<9} {:>9} → {:<9} {}{}",
                            name,
                            number_text(query.before.docs.value),
                            number_text(query.after.docs.value),
                            ms_text(query.before.ms.value),
                            ms_text(query.after.ms.value),
                            factor_text(query.factor),
                            query.after.collection_scan ? "  COLLSCAN" : ""));
}

void print_queries(Console& console, const Rehearsal& rehearsal) {
    if (rehearsal.queries.empty()) {
        return;
    }
    heading(console,
            fmt::format("Queries: documents examined, time a call ({}), speed-up",
                        rehearsal.times == rehearse::Times::Target
                            ? "at the target's costs"
                            : "of this engine, not of the target"));
    for (const rehearse::QueryLine& query : rehearsal.queries) {
        if (!query.writes) {
            print_query(console, query);
        }
    }
    heading(console, "Writes: the same; below 1 the indexes make them slower");
    for (const rehearse::QueryLine& query : rehearsal.queries) {
        if (query.writes) {
            print_query(console, query);
        }
    }
    for (const rehearse::WriteLine& write : rehearsal.writes) {
        console.out(fmt::format("  {:<24} index entries of a document: {} → {}",
                                write.collection,
                                number_text(write.entries_before.value),
                                estimate_text(write.entries_after, number_text)));
    }
}

void print_failures(Console& console, const Rehearsal& rehearsal) {
    for (const rehearse::Failure& failure : rehearsal.failures) {
        const std::string where =
            failure.version == 0
                ? std::string{}
                : fmt::format(" ({})", project::version_text(static_cast<int>(failure.version)));
        const std::string what =
            failure.collection.empty() || failure.text.starts_with(failure.collection)
                ? failure.text
                : fmt::format("{}{}{}: {}",
                              failure.collection,
                              failure.index.empty() ? "" : ".",
                              failure.index,
                              failure.text);
        console.out(fmt::format(
            "  {} {}{}: {}", console.coloured(Colour::Red, "✗"), failure.what, where, what));
    }
}

void print_verdict(Console& console, const Rehearsal& rehearsal) {
    heading(console, "What would fail");
    if (rehearsal.would_work()) {
        console.out(console.coloured(Colour::Green, "  ✓ nothing that was found"));
    }
    print_failures(console, rehearsal);
    for (const std::string& note : rehearsal.notes) {
        console.out("  " + console.coloured(Colour::Dim, note));
    }
}

}  // namespace

void print_rehearsal(Console& console, const Rehearsal& rehearsal) {
    print_collections(console, rehearsal);
    print_lint(console, rehearsal);
    print_migrations(console, rehearsal);
    print_builds(console, rehearsal);
    print_queries(console, rehearsal);
    print_verdict(console, rehearsal);
}

void print_rehearsal_summary(Console& console, const Rehearsal& rehearsal) {
    double bytes = 0;
    double ms = 0;
    for (const rehearse::IndexLine& index : rehearsal.indexes) {
        bytes += index.bytes.value;
    }
    for (const rehearse::BuildLine& build : rehearsal.builds) {
        ms += build.ms.value;
    }
    console.note(fmt::format("{}{} indexes, {} in all, built in about {}; {}",
                             rehearsal.sampled() ? "forecast for all documents: " : "",
                             rehearsal.indexes.size(),
                             bytes_text(bytes),
                             ms_text(ms),
                             rehearsal.rollback.same_content && rehearsal.rollback.same_indexes
                                 ? "down leads back exactly"
                                 : "down does not lead back"));
    print_failures(console, rehearsal);
}

}  // namespace plumb::cli
