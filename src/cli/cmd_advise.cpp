// SPDX-License-Identifier: GPL-3.0-or-later
// plumb advise: from the workload to an index strategy with reasons.
#include "bson/json.h"
#include "cli/advise_sources.h"
#include "cli/advise_view.h"
#include "cli/commands.h"
#include "tool/advise/advice.h"
#include "tool/advise/advice_document.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace plumb::cli {
namespace {

struct AdviseOptions {
    SourceOptions sources;
    std::optional<std::size_t> indexes_max;
    std::optional<double> megabytes_max;
    double gain_min_percent = 0.2;
    std::size_t sample = 10'000;
    bool exact = false;
    std::uint64_t seed = 1;
    std::string strategy_file;
    std::string document_file;
};

Status write_text(Context& context, const std::string& file, const std::string& text) {
    std::ofstream out{file};
    out << text;
    out.flush();
    if (!out) {
        return fail(ErrorCode::IoError, fmt::format("{}: cannot be written", file));
    }
    context.console().note("written: " + file);
    return {};
}

Result<ExitCode> run_advise(Context& context, const AdviseOptions& options) {
    PLUMB_TRY(database, context.database());
    PLUMB_TRY(asked, gather_asked(context, options.sources, database));
    if (!asked) {
        return ExitCode::Done;
    }
    PLUMB_TRY(client, context.client());
    advise::AdviceOptions advice_options;
    advice_options.sample = {options.sample, options.exact, options.seed};
    advice_options.limits.indexes_max = options.indexes_max;
    constexpr double kMegabyte = 1024.0 * 1024.0;
    if (options.megabytes_max) {
        advice_options.limits.bytes_max = *options.megabytes_max * kMegabyte;
    }
    advice_options.limits.gain_min = options.gain_min_percent / 100;
    advice_options.on_collection = [&](const std::string& collection) {
        context.console().progress("looking at " + collection, 0, 0);
    };
    auto advice = advise::advise(*client, database, *asked, advice_options, context.interrupt());
    context.console().progress_done();
    PLUMB_CHECK(advice);
    const std::string title = database + " indexes";
    if (!options.strategy_file.empty()) {
        PLUMB_CHECK(
            write_text(context, options.strategy_file, advise::strategy_yaml(*advice, title)));
    }
    if (!options.document_file.empty()) {
        PLUMB_CHECK(
            write_text(context, options.document_file, advise::strategy_document(*advice, title)));
    }
    if (context.options.json) {
        context.console().out(bson::to_json(advise::to_document(*advice)));
    } else {
        print_advice(context.console(), *advice);
    }
    return ExitCode::Done;
}

}  // namespace

void setup_advise(CLI::App& app, Context& context) {
    CLI::App* command =
        app.add_subcommand("advise", "from the workload to an index strategy with reasons");
    command->footer(
        "Without a source the declared workload (workload.yaml) is taken. Nothing is "
        "written to the database.\n"
        "Example:\n  plumb --project projects/earlybird advise --max-indexes 12\n"
        "  plumb advise --from-log mongod.log.gz --list-shapes");
    auto options = std::make_shared<AdviseOptions>();
    add_source_options(*command, options->sources);
    command->add_option("--max-indexes", options->indexes_max, "indexes a collection, _id_ aside");
    command->add_option("--max-size", options->megabytes_max, "megabytes of indexes a collection");
    command
        ->add_option("--min-gain",
                     options->gain_min_percent,
                     "per cent of a collection's cost that an index must take off")
        ->check(CLI::Range(0.0, 100.0))
        ->capture_default_str();
    command->add_option("--sample", options->sample, "documents of each collection to look at")
        ->check(CLI::Range(std::size_t{100}, std::size_t{10'000'000}))
        ->capture_default_str();
    command->add_flag("--exact", options->exact, "look at every document");
    command->add_option("--seed", options->seed, "of the sample and of drawn values")
        ->capture_default_str();
    command->add_option("--write-strategy", options->strategy_file, "write strategy.yaml there");
    command->add_option(
        "--write-document", options->document_file, "write a Markdown strategy there");
    command->callback([&context, options] {
        context.run([&context, options] { return run_advise(context, *options); });
    });
}

}  // namespace plumb::cli
