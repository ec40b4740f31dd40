// SPDX-License-Identifier: GPL-3.0-or-later
// plumb verify: the database's indexes against strategy.yaml.
#include "bson/builder.h"
#include "bson/json.h"
#include "cli/commands.h"
#include "tool/verify/verify.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace plumb::cli {
namespace {

using verify::Mark;

struct VerifyOptions {
    int priority = 1;
    bool all = false;
    bool allow_extra = false;
};

constexpr int kPriorityMax = 9;

struct MarkLook {
    std::string_view sign;
    Colour colour;
};

MarkLook look_of(Mark mark) {
    switch (mark) {
        case Mark::Ok:
            return {"✓", Colour::Green};
        case Mark::Adopted:
            return {"✓ adopted", Colour::Green};
        case Mark::Builtin:
            return {"·", Colour::Dim};
        case Mark::Missing:
            return {"✗ missing", Colour::Red};
        case Mark::Different:
            return {"✗ different", Colour::Red};
        case Mark::Extra:
            return {"? extra, not in the strategy", Colour::Yellow};
        case Mark::Ignored:
            return {"· ignored", Colour::Dim};
        case Mark::Later:
            return {"✓ later", Colour::Dim};
    }
    return {"", Colour::Plain};
}

void print_line(Console& console, const verify::Line& line) {
    const MarkLook look = look_of(line.mark);
    std::string text = fmt::format("  - {}: {}{}  {}",
                                   line.name,
                                   project::key_text(line.key.view()),
                                   line.unique ? " unique" : "",
                                   console.coloured(look.colour, look.sign));
    if (!line.detail.empty()) {
        text += fmt::format(" ({})", line.detail);
    }
    if (line.mark == Mark::Missing && !line.purpose.empty()) {
        text += fmt::format(" ({})", line.purpose);
    }
    if (!line.redundant.empty()) {
        text += console.coloured(Colour::Yellow, fmt::format("  note: {}", line.redundant));
    }
    console.out(text);
}

int count_of(const verify::Report& report, Mark mark) {
    const auto found = report.counts.find(mark);
    return found == report.counts.end() ? 0 : found->second;
}

void print_report(Console& console, const verify::Report& report) {
    for (const verify::CollectionReport& collection : report.collections) {
        console.out(fmt::format("{}: {} {}",
                                collection.name,
                                collection.indexes,
                                collection.indexes == 1 ? "index" : "indexes"));
        for (const verify::Line& line : collection.lines) {
            print_line(console, line);
        }
    }
    const std::string summary =
        fmt::format("{} of {} declared indexes are there; {} missing, {} different, {} extra",
                    count_of(report, Mark::Ok) + count_of(report, Mark::Adopted),
                    report.checked,
                    count_of(report, Mark::Missing),
                    count_of(report, Mark::Different),
                    count_of(report, Mark::Extra));
    console.out("");
    console.out(report.drift ? console.coloured(Colour::Red, "✗ drift: " + summary)
                             : console.coloured(Colour::Green, "✓ no drift: " + summary));
}

Result<ExitCode> run_verify(Context& context, const VerifyOptions& options) {
    PLUMB_TRY(project, context.project());
    PLUMB_TRY(strategy, project::load_strategy(project->strategy_file()));
    PLUMB_TRY(database, context.database());
    PLUMB_TRY(client, context.client());
    PLUMB_TRY(found, verify::read_indexes(*client, database, strategy));
    verify::Options compare_options;
    compare_options.priority = options.all ? kPriorityMax : options.priority;
    compare_options.extra_is_drift = !options.allow_extra;
    const verify::Report report = verify::compare(strategy, found, compare_options);
    if (context.options.json) {
        context.console().out(bson::to_json(verify::to_document(report)));
    } else {
        print_report(context.console(), report);
    }
    return report.drift ? ExitCode::Problems : ExitCode::Done;
}

}  // namespace

void setup_verify(CLI::App& app, Context& context) {
    CLI::App* command = app.add_subcommand("verify", "the database's indexes against the strategy");
    command->footer(
        "Example:\n  plumb --project projects/earlybird verify\n  plumb verify --all "
        "--json");
    auto options = std::make_shared<VerifyOptions>();
    CLI::Option* priority =
        command->add_option("--priority", options->priority, "declared indexes up to this priority")
            ->check(CLI::Range(1, kPriorityMax))
            ->capture_default_str();
    command->add_flag("--all", options->all, "declared indexes of every priority")
        ->excludes(priority);
    command->add_flag("--allow-extra", options->allow_extra, "indexes not declared are no drift");
    command->callback([&context, options] {
        context.run([&context, options] { return run_verify(context, *options); });
    });
}

}  // namespace plumb::cli
