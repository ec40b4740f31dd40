// SPDX-License-Identifier: GPL-3.0-or-later
// plumb advise: from the workload to an index strategy with reasons.
#include "bson/json.h"
#include "cli/advise_gate.h"
#include "cli/advise_sources.h"
#include "cli/advise_view.h"
#include "cli/advise_write.h"
#include "cli/commands.h"
#include "tool/advise/advice.h"
#include "tool/advise/advice_document.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace plumb::cli {
namespace {

struct AdviseOptions {
    SourceOptions sources;
    GateOptions gate;
    WriteOptions write;
    std::optional<std::size_t> indexes_max;
    std::optional<std::size_t> total_max;
    std::optional<double> megabytes_max;
    std::optional<double> write_overhead_percent;
    double gain_min_percent = 0.2;
    advise::Method method = advise::Method::Auto;
    std::string against;
    int against_priority = 0;
    std::string explain;
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

Result<advise::AdviceOptions> advice_options_of(Context& context, const AdviseOptions& options) {
    advise::AdviceOptions out;
    out.sample = {options.sample, options.exact, options.seed};
    out.total_max = options.total_max;
    out.limits.indexes_max = options.indexes_max;
    constexpr double kMegabyte = 1024.0 * 1024.0;
    if (options.megabytes_max) {
        out.limits.bytes_max = *options.megabytes_max * kMegabyte;
    }
    if (options.write_overhead_percent) {
        out.limits.write_overhead_max = *options.write_overhead_percent / 100;
    }
    out.limits.gain_min = options.gain_min_percent / 100;
    out.limits.method = options.method;
    out.explain = options.explain;
    out.against_priority = options.against_priority;
    if (!options.against.empty()) {
        PLUMB_TRY(strategy, project::load_strategy(options.against));
        out.against = std::move(strategy);
    }
    out.on_collection = [&context](const std::string& collection) {
        context.console().progress("looking at " + collection, 0, 0);
    };
    return out;
}

Status write_files(Context& context,
                   const AdviseOptions& options,
                   const advise::Advice& advice,
                   const std::string& title) {
    if (!options.strategy_file.empty()) {
        PLUMB_CHECK(
            write_text(context, options.strategy_file, advise::strategy_yaml(advice, title)));
    }
    if (!options.document_file.empty()) {
        PLUMB_CHECK(
            write_text(context, options.document_file, advise::strategy_document(advice, title)));
    }
    return {};
}

void show_explanation(Context& context, const advise::QueryExplanation& explanation) {
    if (context.options.json) {
        context.console().out(bson::to_json(advise::to_document(explanation)));
    } else {
        print_explanation(context.console(), explanation);
    }
}

Result<ExitCode> run_advise(Context& context, const AdviseOptions& options) {
    if (options.gate.list_findings) {
        print_finding_codes(context);
        return ExitCode::Done;
    }
    PLUMB_TRY(database, context.database());
    PLUMB_TRY(asked, gather_asked(context, options.sources, database));
    if (!asked) {
        return ExitCode::Done;
    }
    PLUMB_TRY(client, context.client());
    PLUMB_TRY(advice_options, advice_options_of(context, options));
    auto advice = advise::advise(*client, database, *asked, advice_options, context.interrupt());
    context.console().progress_done();
    PLUMB_CHECK(advice);
    if (advice->explanation) {
        show_explanation(context, *advice->explanation);
        return ExitCode::Done;
    }
    PLUMB_TRY(proof, look_further(context, options.gate, database, *advice));
    PLUMB_CHECK(write_files(context, options, *advice, database + " indexes"));
    PLUMB_CHECK(write_advised(context, options.write, *advice));
    if (context.options.json) {
        context.console().out(bson::to_json(advice_document(options.gate, *advice, proof)));
    } else {
        print_advice(context.console(), *advice);
    }
    return finish_gate(context, options.gate, *advice, proof);
}

}  // namespace

namespace {

void add_limits(CLI::App& command, AdviseOptions& options) {
    command.add_option("--max-indexes", options.indexes_max, "indexes a collection, _id_ aside");
    command.add_option(
        "--max-total", options.total_max, "indexes of all collections together, _id_ aside");
    command.add_option("--max-size", options.megabytes_max, "megabytes of indexes a collection");
    command
        .add_option("--max-write-overhead",
                    options.write_overhead_percent,
                    "per cent that indexes may add to what a collection's writes cost")
        ->check(CLI::NonNegativeNumber);
    command
        .add_option("--min-gain",
                    options.gain_min_percent,
                    "per cent of a collection's cost that an index must take off")
        ->check(CLI::Range(0.0, 100.0))
        ->capture_default_str();
    // Beside the product's own choice only to compare the two ways of searching.
    command.add_option("--selection", options.method, "how sets are searched")
        ->transform(CLI::CheckedTransformer(
            std::map<std::string, advise::Method>{{"auto", advise::Method::Auto},
                                                  {"climb", advise::Method::Climb},
                                                  {"exact", advise::Method::Exact}}))
        ->group("");
}

void add_views(CLI::App& command, AdviseOptions& options) {
    command.add_option("--against", options.against, "compare with this strategy.yaml")
        ->check(CLI::ExistingFile);
    command
        .add_option("--against-priority",
                    options.against_priority,
                    "its indexes up to this priority only; 0: all")
        ->capture_default_str();
    command.add_option(
        "--explain", options.explain, "show one query in full, by its label, and stop");
}

}  // namespace

void setup_advise(CLI::App& app, Context& context) {
    CLI::App* command =
        app.add_subcommand("advise", "from the workload to an index strategy with reasons");
    command->footer(
        "Without a source the declared workload (workload.yaml) is taken. Nothing is "
        "written to the database.\n"
        "Example:\n  plumb --project projects/earlybird advise --max-indexes 12\n"
        "  plumb advise --from-log mongod.log.gz --list-shapes\n"
        "  plumb --project projects/earlybird advise --max-total 12 --against strategy.yaml\n"
        "  plumb --project projects/earlybird advise --explain Q5\n"
        "  plumb advise --what-if --gate\n"
        "  plumb advise --prove --gate --scratch /var/tmp");
    auto options = std::make_shared<AdviseOptions>();
    add_source_options(*command, options->sources);
    add_gate_options(*command, options->gate);
    add_limits(*command, *options);
    add_views(*command, *options);
    command->add_option("--sample", options->sample, "documents of each collection to look at")
        ->check(CLI::Range(std::size_t{100}, std::size_t{10'000'000}))
        ->capture_default_str();
    command->add_flag("--exact", options->exact, "look at every document");
    command->add_option("--seed", options->seed, "of the sample and of drawn values")
        ->capture_default_str();
    command->add_option("--write-strategy", options->strategy_file, "write strategy.yaml there");
    command->add_option(
        "--write-document", options->document_file, "write a Markdown strategy there");
    add_write_options(*command, options->write);
    command->callback([&context, options] {
        context.run([&context, options] { return run_advise(context, *options); });
    });
}

}  // namespace plumb::cli
