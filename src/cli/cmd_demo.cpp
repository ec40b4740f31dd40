// SPDX-License-Identifier: GPL-3.0-or-later
// plumb demo: the main job end to end on the embedded engine, without a question.
#include "bson/builder.h"
#include "bson/json.h"
#include "cli/bench_run.h"
#include "cli/commands.h"
#include "cli/generate_run.h"
#include "cli/migrate_run.h"
#include "cli/rehearse_run.h"
#include "cli/rehearse_view.h"
#include "project/strategy.h"
#include "tool/advise/advice.h"
#include "tool/verify/verify.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

namespace plumb::cli {
namespace {

constexpr std::string_view kDatabase = "earlybird_demo";
constexpr std::string_view kMigration = "003";
// Enough to forecast from; a whole copy of so small a shop would do as well.
constexpr double kRehearsedShare = 0.05;
constexpr std::size_t kAdviceShown = 3;

struct DemoOptions {
    std::int64_t scale = 100'000;
    bool keep = false;
};

// The project folder: --project if it is one, else the one that ships with the program.
Status find_project(Context& context) {
    std::error_code failed;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", failed);
    const std::array<std::filesystem::path, 4> places{
        context.options.project,
        std::filesystem::path{"projects"} / "earlybird",
        program.parent_path() / ".." / ".." / "projects" / "earlybird",
        program.parent_path() / ".." / "share" / "plumbline" / "projects" / "earlybird"};
    for (const auto& place : places) {
        if (std::filesystem::exists(place / "plumbline.yaml", failed)) {
            context.options.project = place.lexically_normal();
            return {};
        }
    }
    return fail(ErrorCode::ProjectNotFound,
                "no project folder is here; name the one of EarlyBird with --project DIR");
}

// Tells which step runs and how long each took.
class Steps {
  public:
    Steps(Console& console, const Clock& clock, int total)
        : console_(console), clock_(clock), total_(total), started_(clock.monotonic()) {}

    void begin(std::string_view what) {
        ++step_;
        console_.note("");
        console_.note(console_.coloured(
            Colour::Bold, fmt::format("[{}/{}] {} ({})", step_, total_, what, elapsed())));
    }
    [[nodiscard]] std::string elapsed() const {
        return human_duration(
            std::chrono::duration_cast<std::chrono::milliseconds>(clock_.monotonic() - started_));
    }

  private:
    Console& console_;
    const Clock& clock_;
    int total_;
    int step_ = 0;
    std::chrono::nanoseconds started_;
};

Status drop_database(Context& context) {
    PLUMB_TRY(client, context.client());
    bson::Builder command;
    command.append("dropDatabase", 1);
    PLUMB_CHECK(client->command(kDatabase, command.finish()));
    return {};
}

Status generate_step(Context& context, const DemoOptions& options) {
    PLUMB_CHECK(drop_database(context));
    GenerateOptions generate;
    generate.scale = options.scale;
    // Planted duplicates of e-mails would rightly stop the unique index.
    generate.fault_rate = 0;
    PLUMB_TRY(summary, generate_shop(context, std::string{kDatabase}, generate));
    context.console().note(fmt::format(
        "{} documents, {}", human_count(summary.documents), human_bytes(summary.bytes)));
    return {};
}

// Fewer samples than `plumb bench` takes, so that the whole stays a coffee's length.
Status bench_step(Context& context, bool before) {
    BenchOptions options;
    options.before = before;
    options.after = !before;
    options.time_limit_s = 0.8;
    options.time_wanted_s = 0.1;
    PLUMB_CHECK(record(context, options));
    return {};
}

void show_advice(Console& console, const advise::Advice& advice) {
    std::vector<const advise::IndexAdvice*> added;
    for (const advise::IndexAdvice& index : advice.indexes) {
        if (index.what == advise::IndexAdvice::What::Add) {
            added.push_back(&index);
        }
    }
    std::stable_sort(added.begin(), added.end(), [](const auto* a, const auto* b) {
        return a->gain_us > b->gain_us;
    });
    console.note(fmt::format("{} indexes, those that gain most first:", added.size()));
    std::string line;
    for (std::size_t at = 0; at < std::min(added.size(), kAdviceShown); ++at) {
        line += fmt::format(
            "{}{} {}", at == 0 ? "" : ", ", added[at]->collection, added[at]->candidate.text());
    }
    console.note("  " + line + (added.size() > kAdviceShown ? ", …" : ""));
    console.note(fmt::format("workload, estimated: {:.1f} → {:.1f} ms of engine time a minute",
                             advice.cost_before_us / 1000,
                             advice.cost_after_us / 1000));
    if (advice.comparison) {
        const advise::SetFigures& written = advice.comparison->document;
        const advise::SetFigures& advised = advice.comparison->advised;
        console.note(fmt::format("strategy.yaml: {} indexes {:.1f} ms; these {}: {:.1f} ms",
                                 written.indexes,
                                 written.cost_us / 1000,
                                 advised.indexes,
                                 advised.cost_us / 1000));
    }
    console.note("what each serves and why: plumb advise --against strategy.yaml");
}

// The advisor's set beside the one that was written: as many indexes, the same estimates.
Status advise_step(Context& context) {
    PLUMB_TRY(project, context.project());
    PLUMB_TRY(workload, workload::load_workload(project->workload_file()));
    PLUMB_TRY(strategy, project::load_strategy(project->strategy_file()));
    PLUMB_TRY(client, context.client());
    const std::string database{kDatabase};
    PLUMB_TRY(asked, advise::asked_by_workload(*client, database, workload));
    advise::AdviceOptions options;
    options.against_priority = 1;
    options.total_max = static_cast<std::size_t>(
        std::count_if(strategy.indexes.begin(), strategy.indexes.end(), [](const auto& index) {
            return index.priority == 1;
        }));
    options.against = std::move(strategy);
    options.on_collection = [&context](const std::string& collection) {
        context.console().progress("looking at " + collection, 0, 0);
    };
    const auto advice = advise::advise(*client, database, asked, options, context.interrupt());
    context.console().progress_done();
    PLUMB_CHECK(advice);
    show_advice(context.console(), *advice);
    return {};
}

// On a sample, and with less time for each query than `plumb rehearse` takes.
Status rehearse_step(Context& context) {
    RehearseOptions options;
    options.share = kRehearsedShare;
    options.versions = {std::string{kMigration}};
    options.samples = 5;
    options.time_limit_s = 0.05;
    options.count_limit_s = 0.03;
    options.probe = false;
    PLUMB_TRY(rehearsal, rehearse_project(context, options));
    print_rehearsal_summary(context.console(), rehearsal);
    if (!rehearsal.would_work()) {
        return fail(ErrorCode::OperationFailed,
                    fmt::format("migration {} would fail; it is not run", kMigration));
    }
    return {};
}

Status migrate_step(Context& context) {
    MigrateOptions options;
    options.version = kMigration;
    PLUMB_TRY(code, run_one(context, options));
    if (code != ExitCode::Done) {
        return fail(ErrorCode::OperationFailed,
                    fmt::format("migration {} did not come to its end", kMigration));
    }
    return {};
}

Status verify_step(Context& context) {
    PLUMB_TRY(project, context.project());
    PLUMB_TRY(strategy, project::load_strategy(project->strategy_file()));
    PLUMB_TRY(client, context.client());
    PLUMB_TRY(found, verify::read_indexes(*client, kDatabase, strategy));
    const verify::Report report = verify::compare(strategy, found, verify::Options{});
    for (const verify::CollectionReport& collection : report.collections) {
        context.console().note(fmt::format("{}: {} {}",
                                           collection.name,
                                           collection.indexes,
                                           collection.indexes == 1 ? "index" : "indexes"));
    }
    if (report.drift) {
        return fail(ErrorCode::DriftFound,
                    "the indexes are not those of strategy.yaml; see `plumb verify`");
    }
    context.console().note(fmt::format("all {} declared indexes are there", report.checked));
    return {};
}

Result<ExitCode> run_demo(Context& context, const DemoOptions& options) {
    PLUMB_CHECK(find_project(context));
    // The demo never touches a deployment that the environment names.
    context.options.url.clear();
    context.options.database = kDatabase;
    Steps steps{context.console(), context.clock(), 8};
    steps.begin(fmt::format("generate EarlyBird, {} orders", human_count(options.scale)));
    PLUMB_CHECK(generate_step(context, options));
    steps.begin("measure the workload before");
    PLUMB_CHECK(bench_step(context, true));
    steps.begin("ask the advisor");
    PLUMB_CHECK(advise_step(context));
    steps.begin(fmt::format("rehearse migration {} on a copy", kMigration));
    PLUMB_CHECK(rehearse_step(context));
    steps.begin(fmt::format("run migration {}", kMigration));
    PLUMB_CHECK(migrate_step(context));
    steps.begin("verify the indexes against the strategy");
    PLUMB_CHECK(verify_step(context));
    steps.begin("measure the workload after");
    PLUMB_CHECK(bench_step(context, false));
    steps.begin("compare and report");
    PLUMB_TRY(comparison, compare_kept(context));
    PLUMB_CHECK(make_report(context,
                            comparison,
                            {fmt::format("plumb demo --scale {}", options.scale)},
                            report_file(context)));
    if (context.options.json) {
        context.console().out(bson::to_json(bench::to_document(comparison)));
    } else {
        print_comparison(context.console(), comparison);
    }
    if (!options.keep) {
        PLUMB_CHECK(drop_database(context));
    }
    context.console().note("");
    context.console().note(
        fmt::format("done in {}{}",
                    steps.elapsed(),
                    options.keep ? fmt::format("; database {} is kept", kDatabase) : ""));
    if (!context.options.json) {
        context.console().out(
            fmt::format("report: {}", std::filesystem::absolute(report_file(context)).string()));
    }
    return ExitCode::Done;
}

}  // namespace

void setup_demo(CLI::App& app, Context& context) {
    CLI::App* command =
        app.add_subcommand("demo", "the main job end to end on the embedded engine");
    command->footer(
        "Example:\n  plumb demo\n  plumb demo --scale 20000 --keep\n\n"
        "Generates a shop, measures it, asks the advisor, rehearses, migrates, verifies,\n"
        "measures again, reports. A missed promise is a result, not a failure: the exit code\n"
        "tells of steps only.");
    auto options = std::make_shared<DemoOptions>();
    command->add_option("--scale", options->scale, "number of orders")
        ->check(CLI::Range(std::int64_t{1000}, std::int64_t{100'000'000}))
        ->capture_default_str();
    command->add_flag("--keep", options->keep, "leave the database there for a look");
    command->callback([&context, options] {
        context.run([&context, options] { return run_demo(context, *options); });
    });
}

}  // namespace plumb::cli
