// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/bench_run.h"

#include "cli/rehearse_run.h"
#include "cli/report_sections.h"
#include "tool/bench/run.h"
#include "tool/bench/table.h"
#include "tool/rehearse/record.h"
#include "tool/report/report.h"
#include "tool/workload/app_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace plumb::cli {
namespace {

std::chrono::milliseconds as_ms(double seconds) {
    return std::chrono::milliseconds{static_cast<std::int64_t>(seconds * 1000)};
}

Colour colour_of(bench::Verdict verdict) {
    switch (verdict) {
        case bench::Verdict::Exceeded:
        case bench::Verdict::Met:
            return Colour::Green;
        case bench::Verdict::Missed:
            return Colour::Red;
        case bench::Verdict::NoDifference:
        case bench::Verdict::NotMeasured:
            return Colour::Yellow;
        case bench::Verdict::NoPromise:
            break;
    }
    return Colour::Dim;
}

// The rows of an older recording that were not measured again.
void keep_other_rows(const std::filesystem::path& path,
                     const workload::Workload& workload,
                     bench::Recording& recording) {
    auto older = bench::load(path);
    if (!older.ok()) {
        return;
    }
    std::vector<bench::Row> rows;
    for (const workload::Query& query : workload.queries) {
        const bench::Row* row = recording.row(query.id);
        row = row != nullptr ? row : older->row(query.id);
        if (row != nullptr) {
            rows.push_back(*row);
        }
    }
    recording.rows = std::move(rows);
    recording.mixed = std::move(older->mixed);
}

// What a rehearsal of the same database says about the way back.
void add_rehearsed_rollback(const Context& context, bench::Recording& recording) {
    const auto rehearsal = rehearse::load(rehearsal_file(context));
    if (!rehearsal.ok() || !rehearsal->rollback.done ||
        rehearsal->database != recording.environment.database) {
        return;
    }
    bench::RollbackInfo info;
    info.ms = rehearsal->rollback.ms;
    info.at = rehearsal->at;
    info.source = rehearsal->sampled() ? "a rehearsal on a sample" : "a rehearsal on a copy";
    info.data_checked = true;
    info.data_untouched = rehearsal->rollback.same_content;
    recording.rollbacks.push_back(std::move(info));
}

// Measured writes of this database, if they are kept.
Result<std::optional<bench::WriteTrial>> kept_writes(const Context& context,
                                                     const std::string& database) {
    const auto path = bench_file(context, "writes");
    if (!std::filesystem::exists(path)) {
        return std::optional<bench::WriteTrial>{};
    }
    PLUMB_TRY(trial, bench::load_write_trial(path));
    if (trial.environment.database != database) {
        return std::optional<bench::WriteTrial>{};
    }
    return std::optional<bench::WriteTrial>{std::move(trial)};
}

}  // namespace

void print_lines(Console& console, const std::vector<bench::TableLine>& lines) {
    for (const bench::TableLine& line : lines) {
        std::string text = line.is_note ? console.coloured(Colour::Dim, line.text) : line.text;
        if (line.has_verdict) {
            text += console.coloured(colour_of(line.verdict), bench::verdict_text(line.verdict));
        }
        console.out(text);
    }
}

Result<std::unique_ptr<client::Client>> workload_client(Context& context) {
    PLUMB_TRY(url, context.url());
    client::ConnectOptions connect;
    connect.url = url;
    connect.app_name = workload::kWorkloadAppName;
    return client::Client::connect(connect);
}

std::filesystem::path bench_file(const Context& context, std::string_view which) {
    return context.options.data.parent_path() / "bench" / fmt::format("{}.json", which);
}

std::filesystem::path report_file(const Context& context) {
    return context.options.data.parent_path() / "report.html";
}

Result<bench::Recording> record(Context& context, const BenchOptions& options) {
    PLUMB_TRY(project, context.project());
    PLUMB_TRY(workload, workload::load_workload(project->workload_file()));
    PLUMB_TRY(database, context.database());
    std::map<std::string, std::vector<double>> cold;
    if (options.cold > 0) {
        PLUMB_TRY(measured, record_cold(context, workload, options));
        cold = std::move(measured);
    }
    PLUMB_TRY(client, context.client());
    bench::RunOptions run;
    run.measure.samples = options.samples;
    run.measure.time_limit = as_ms(options.time_limit_s);
    run.measure.time_wanted = as_ms(std::min(options.time_wanted_s, options.time_limit_s));
    run.only = options.only;
    PLUMB_TRY(caller, workload_client(context));
    run.caller = caller.get();
    run.seed = options.seed < 0 ? workload.seed : static_cast<std::uint64_t>(options.seed);
    Console& console = context.console();
    console.note(fmt::format(
        "{} samples or {} s a query (never fewer than {} where one takes less than {} ms); updates "
        "are put back and inserts removed, so the data stays as it is",
        options.samples,
        options.time_limit_s,
        options.samples,
        run.measure.always_complete_below.count()));
    PLUMB_TRY(
        recording,
        bench::run_workload(*client,
                            database,
                            workload,
                            run,
                            context.interrupt(),
                            [&console](std::string_view id, std::int64_t done, std::int64_t all) {
                                console.progress(fmt::format("measuring {}", id), done, all);
                            }));
    console.progress_done();
    for (bench::Row& row : recording.rows) {
        row.cold_ns = std::move(cold[row.id]);
    }
    if (options.before || options.after) {
        const auto path = bench_file(context, options.before ? "before" : "after");
        if (!options.only.empty()) {
            keep_other_rows(path, workload, recording);
        }
        PLUMB_CHECK(bench::save(recording, path));
        console.note(fmt::format("kept in {}", path.string()));
    }
    return std::move(recording);
}

Result<bench::Comparison> compare_kept(Context& context) {
    PLUMB_TRY(project, context.project());
    PLUMB_TRY(workload, workload::load_workload(project->workload_file()));
    for (const char* which : {"before", "after"}) {
        if (!std::filesystem::exists(bench_file(context, which))) {
            return fail(ErrorCode::IoError,
                        fmt::format("there is no {}; run `plumb bench --{}` first",
                                    bench_file(context, which).string(),
                                    which));
        }
    }
    PLUMB_TRY(before, bench::load(bench_file(context, "before")));
    PLUMB_TRY(after, bench::load(bench_file(context, "after")));
    add_rehearsed_rollback(context, after);
    PLUMB_TRY(trial, kept_writes(context, after.environment.database));
    return bench::compare(before, after, workload, trial.has_value() ? &*trial : nullptr);
}

void print_comparison(Console& console, const bench::Comparison& comparison) {
    print_lines(console, bench::comparison_table(comparison));
}

void print_recording(Console& console, const bench::Recording& recording) {
    print_lines(console, bench::recording_table(recording));
}

Status make_report(Context& context,
                   const bench::Comparison& comparison,
                   const std::vector<std::string>& reproduce,
                   const std::filesystem::path& path) {
    PLUMB_TRY(project, context.project());
    report::ReportInput input;
    input.project = project->name;
    PLUMB_TRY(before, bench::load(bench_file(context, "before")));
    PLUMB_TRY(after, bench::load(bench_file(context, "after")));
    input.before = std::move(before);
    input.after = std::move(after);
    input.comparison = comparison;
    input.reproduce = reproduce;
    PLUMB_TRY(writes, kept_writes(context, input.after.environment.database));
    input.writes = std::move(writes);
    input.extra = recorded_sections(context, input.after.environment.database);
    // The report is about what was recorded; a server that is gone only costs it the history.
    auto client = context.client();
    if (client.ok()) {
        auto history = report::read_history(**client, input.after.environment.database);
        if (history.ok()) {
            input.history = *std::move(history);
        } else {
            context.console().note(
                fmt::format("no migration history: {}", history.error().message()));
        }
    } else {
        context.console().note(fmt::format("no migration history: {}", client.error().message()));
    }
    return report::write_report(input, path);
}

}  // namespace plumb::cli
