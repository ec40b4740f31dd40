// SPDX-License-Identifier: GPL-3.0-or-later
// Mixed runs: reads what rate is meant, runs, and keeps the result beside the rows.
#include "cli/bench_run.h"
#include "tool/bench/mixed.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace plumb::cli {
namespace {

// "200": calls a second; "2x": times the declared frequencies; empty: closed loop, 0.
Result<double> parse_rate(std::string_view text, double declared) {
    if (text.empty()) {
        return 0.0;
    }
    const bool is_factor = text.back() == 'x';
    const std::string_view number = is_factor ? text.substr(0, text.size() - 1) : text;
    double value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error != std::errc{} || end != number.data() + number.size() || !(value > 0)) {
        return fail(ErrorCode::UsageError,
                    fmt::format("--rate {}: a number of calls a second (\"200\") or a multiple of "
                                "the declared frequencies (\"2x\") is needed",
                                text));
    }
    return is_factor ? value * declared : value;
}

// Into the kept recording, in place of an older run of its kind.
Status keep(Context& context, const BenchOptions& options, const bench::Mixed& mixed) {
    const auto path = bench_file(context, options.before ? "before" : "after");
    if (!std::filesystem::exists(path)) {
        return fail(ErrorCode::IoError,
                    fmt::format("there is no {} to keep the mixed run in; run `plumb bench --{}` "
                                "first",
                                path.string(),
                                options.before ? "before" : "after"));
    }
    PLUMB_TRY(recording, bench::load(path));
    std::erase_if(recording.mixed,
                  [&mixed](const bench::Mixed& one) { return (one.rate > 0) == (mixed.rate > 0); });
    recording.mixed.push_back(mixed);
    PLUMB_CHECK(bench::save(recording, path));
    context.console().note(fmt::format("kept in {}", path.string()));
    return {};
}

}  // namespace

Result<bench::Mixed> record_mixed(Context& context, const BenchOptions& options) {
    PLUMB_TRY(project, context.project());
    PLUMB_TRY(workload, workload::load_workload(project->workload_file()));
    PLUMB_TRY(rate, parse_rate(options.rate, bench::declared_rate(workload)));
    if (!options.only.empty()) {
        std::erase_if(workload.queries, [&options](const workload::Query& query) {
            return std::find(options.only.begin(), options.only.end(), query.id) ==
                   options.only.end();
        });
    }
    PLUMB_TRY(database, context.database());
    PLUMB_TRY(client, context.client());
    bench::MixedOptions mixed_options;
    mixed_options.duration =
        std::chrono::milliseconds{static_cast<std::int64_t>(options.mixed_s * 1000)};
    mixed_options.rate = rate;
    mixed_options.connections = options.connections;
    mixed_options.seed =
        options.seed < 0 ? workload.seed : static_cast<std::uint64_t>(options.seed);
    context.console().note(fmt::format(
        "{:.0f} s of the workload, {}, {} connections; updates are put back and inserts removed",
        options.mixed_s,
        rate > 0 ? fmt::format("{:.1f} calls a second", rate) : std::string{"as fast as it goes"},
        options.connections));
    PLUMB_TRY(mixed,
              bench::run_mixed({*client, [&context] { return workload_client(context); }, database},
                               workload,
                               mixed_options,
                               context.interrupt()));
    if (options.before || options.after) {
        PLUMB_CHECK(keep(context, options, mixed));
    }
    return std::move(mixed);
}

}  // namespace plumb::cli
