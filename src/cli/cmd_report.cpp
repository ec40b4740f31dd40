// SPDX-License-Identifier: GPL-3.0-or-later
// plumb report: what was recorded as one HTML file, Markdown and JSON; or two recordings for CI.
#include "bson/builder.h"
#include "bson/json.h"
#include "cli/bench_run.h"
#include "cli/commands.h"
#include "tool/bench/regression.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace plumb::cli {
namespace {

struct ReportOptions {
    std::filesystem::path output;
    std::vector<std::filesystem::path> diff;
    double tolerance_percent = 10;
};

Result<ExitCode> run_diff(Context& context, const ReportOptions& options) {
    PLUMB_TRY(earlier, bench::load(options.diff[0]));
    PLUMB_TRY(later, bench::load(options.diff[1]));
    const auto found = bench::find_regressions(earlier, later, options.tolerance_percent / 100);
    Console& console = context.console();
    if (context.options.json) {
        bson::Builder out;
        out.begin_array("regressions");
        for (const bench::Regression& one : found) {
            out.push_document();
            out.append("id", one.id);
            out.append("what", one.what);
            out.end();
        }
        out.end();
        console.out(bson::to_json(out.finish()));
    } else {
        for (const bench::Regression& one : found) {
            console.out(fmt::format("{}  {}", one.id, one.what));
        }
        console.out(found.empty() ? console.coloured(Colour::Green, "no regression")
                                  : console.coloured(Colour::Red,
                                                     fmt::format("{} regressions", found.size())));
    }
    return found.empty() ? ExitCode::Done : ExitCode::Problems;
}

Result<ExitCode> run_report(Context& context, const ReportOptions& options) {
    if (!options.diff.empty()) {
        return run_diff(context, options);
    }
    PLUMB_TRY(comparison, compare_kept(context));
    const auto path = options.output.empty() ? report_file(context) : options.output;
    const std::string project = context.options.project.string();
    PLUMB_CHECK(make_report(context,
                            comparison,
                            {fmt::format("plumb --project {} bench --before", project),
                             fmt::format("plumb --project {} migrate up", project),
                             fmt::format("plumb --project {} bench --after", project),
                             fmt::format("plumb --project {} report", project)},
                            path));
    if (context.options.json) {
        bson::Builder out;
        out.append("html", path.string());
        out.append("markdown", std::filesystem::path{path}.replace_extension(".md").string());
        out.append("json", std::filesystem::path{path}.replace_extension(".json").string());
        context.console().out(bson::to_json(out.finish()));
    } else {
        context.console().out(fmt::format("report: {} (.md and .json beside it)", path.string()));
    }
    return ExitCode::Done;
}

}  // namespace

void setup_report(CLI::App& app, Context& context) {
    CLI::App* command = app.add_subcommand("report", "one HTML file from what was recorded");
    command->footer(
        "Examples:\n"
        "  plumb --project projects/earlybird report --out report.html\n"
        "  plumb report --diff monday.json tuesday.json --tolerance 10\n\n"
        "--diff exits with 1 if a query became slower or examines more than the tolerance allows.");
    auto options = std::make_shared<ReportOptions>();
    command->add_option("-o,--out,--output", options->output, "where the HTML goes");
    command->add_option("--diff", options->diff, "two recordings, the earlier one first")
        ->expected(2);
    command->add_option("--tolerance", options->tolerance_percent, "of --diff, in per cent")
        ->check(CLI::Range(0.0, 1000.0))
        ->capture_default_str();
    command->callback([&context, options] {
        context.run([&context, options] { return run_report(context, *options); });
    });
}

}  // namespace plumb::cli
