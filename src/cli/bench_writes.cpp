// SPDX-License-Identifier: GPL-3.0-or-later
// What writes cost by index, kept in bench/writes.json.
#include "cli/bench_run.h"

#include <fmt/format.h>

namespace plumb::cli {

Result<bench::WriteTrial> record_writes(Context& context, const BenchOptions& options) {
    PLUMB_TRY(project, context.project());
    PLUMB_TRY(strategy, project::load_strategy(project->strategy_file()));
    PLUMB_TRY(database, context.database());
    PLUMB_TRY(client, context.client());
    bench::TrialOptions trial;
    trial.documents_max = options.documents_max;
    trial.rounds = options.rounds;
    trial.only = options.only;
    trial.seed = options.seed < 0 ? 0 : static_cast<std::uint64_t>(options.seed);
    Console& console = context.console();
    console.note(fmt::format(
        "writes to scratch copies of at most {} documents, {} rounds; they are dropped at the end",
        human_count(options.documents_max),
        options.rounds));
    auto measured = bench::run_write_trial(
        *client,
        database,
        strategy,
        trial,
        context.interrupt(),
        [&console](std::string_view what, std::int64_t done, std::int64_t all) {
            console.progress(what, done, all);
        });
    console.progress_done();
    if (!measured.ok()) {
        return measured;
    }
    const auto path = bench_file(context, "writes");
    PLUMB_CHECK(bench::save(*measured, path));
    console.note(fmt::format("kept in {}", path.string()));
    return measured;
}

}  // namespace plumb::cli
