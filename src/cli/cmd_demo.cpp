// SPDX-License-Identifier: GPL-3.0-or-later
// plumb demo: the main job end to end on the embedded engine, without a question.
#include "bson/builder.h"
#include "bson/json.h"
#include "cli/bench_run.h"
#include "cli/commands.h"
#include "cli/generate_run.h"
#include "cli/migrate_run.h"
#include "project/strategy.h"
#include "tool/verify/verify.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <array>
#include <memory>

namespace plumb::cli {
namespace {

constexpr std::string_view kDatabase = "earlybird_demo";
constexpr std::string_view kMigration = "003";

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
    Steps steps{context.console(), context.clock(), 6};
    steps.begin(fmt::format("generate EarlyBird, {} orders", human_count(options.scale)));
    PLUMB_CHECK(generate_step(context, options));
    steps.begin("measure the workload before");
    PLUMB_CHECK(bench_step(context, true));
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
        "Generates a shop, measures it, migrates, verifies, measures again, reports. A\n"
        "missed promise is a result, not a failure: the exit code tells of steps only.");
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
