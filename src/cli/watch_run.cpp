// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/watch_run.h"

#include "cli/bench_run.h"
#include "cli/watch_view.h"
#include "project/notes.h"
#include "tool/watch/metrics.h"
#include "tool/watch/notify.h"
#include "tool/watch/series_file.h"
#include "tool/watch/time_text.h"
#include "tool/watch/webhook.h"

#include <fmt/format.h>

namespace plumb::cli {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::string_view kTool = "plumb 0.1.0";

std::filesystem::path watch_folder(const Context& context) {
    return context.options.data.parent_path() / "watch";
}

// What the project and the bench runs know; whatever is missing only makes the baseline smaller.
struct Known {
    watch::BaselineSources sources;
    project::Notes notes;
};

Status load_project(Context& context, Known& out) {
    auto opened = context.project();
    if (!opened.ok()) {
        context.console().note(
            fmt::format("no strategy and no workload: {}", opened.error().message()));
        return opened.error().code() == ErrorCode::ProjectNotFound ? Status{}
                                                                   : Status{opened.error()};
    }
    const project::Project& project = **opened;
    PLUMB_TRY(notes, project::load_notes(project));
    out.notes = std::move(notes);
    out.sources.dashboard = out.notes.dashboard;
    out.sources.reports = out.notes.reports;
    if (std::filesystem::exists(project.strategy_file())) {
        PLUMB_TRY(strategy, project::load_strategy(project.strategy_file()));
        out.sources.strategy = std::move(strategy);
    }
    if (std::filesystem::exists(project.workload_file())) {
        PLUMB_TRY(workload, workload::load_workload(project.workload_file()));
        out.sources.workload = std::move(workload);
    }
    return {};
}

Status load_recordings(Context& context, const std::string& database, Known& out) {
    for (auto& [which, recording] :
         {std::pair{"before", &out.sources.before}, std::pair{"after", &out.sources.after}}) {
        const auto path = bench_file(context, which);
        if (!std::filesystem::exists(path)) {
            continue;
        }
        PLUMB_TRY(loaded, bench::load(path));
        if (loaded.environment.database == database) {
            *recording = std::move(loaded);
        } else {
            context.console().note(fmt::format("{} is of database {}, not of {}: left out",
                                               path.string(),
                                               loaded.environment.database,
                                               database));
        }
    }
    if (!out.sources.after) {
        context.console().note("no bench run to compare with: `plumb bench --after` makes one");
    }
    return {};
}

Result<watch::WatchOptions> watch_options(Context& context,
                                          const WatchCommandOptions& options,
                                          const std::string& database,
                                          const Known& known) {
    std::string length = options.length;
    if (length.empty()) {
        length = known.notes.watch_for.empty() ? "48h" : known.notes.watch_for;
    }
    PLUMB_TRY(watch_for, watch::parse_span(length));
    PLUMB_TRY(every, watch::parse_span(options.every));
    if (every > watch_for) {
        return fail(ErrorCode::UsageError,
                    fmt::format("--every {} is longer than --for {}", options.every, length));
    }
    watch::WatchOptions out;
    out.folder = watch_folder(context);
    out.samples_max = options.samples;
    out.facts.started_ms = context.clock().now().count();
    out.facts.every_ms = every.count();
    out.facts.for_ms = watch_for.count();
    out.facts.unused_after_ms = std::min(kDayMs, watch_for.count() / 2);
    out.facts.database = database;
    out.facts.tool = kTool;
    out.facts.baseline = watch::make_baseline(known.sources);
    return out;
}

Result<std::vector<watch::Member>> members_of(Context& context,
                                              const WatchCommandOptions& options) {
    if (options.members.empty()) {
        PLUMB_TRY(url, context.url());
        PLUMB_TRY(client, context.client());
        PLUMB_TRY(members, watch::find_members(*client, url));
        if (context.embedded() && members.size() == 1) {
            members.front().name = "embedded";  // its port is another one each time
        }
        return std::move(members);
    }
    std::vector<watch::Member> out;
    for (const std::string& url : options.members) {
        out.push_back(watch::given_member(url));
    }
    return out;
}

// Alerts on their way out: console, hooks, metrics.
struct Outlets {
    Outlets(Context& context,
            watch::NotifyOptions notify,
            std::unique_ptr<watch::MetricsServer> server)
        : view(context), notifier(std::move(notify)), metrics(std::move(server)) {}

    WatchView view;
    watch::Notifier notifier;
    std::unique_ptr<watch::MetricsServer> metrics;

    void hear(Context& context, const watch::Heard& heard) {
        view.show(heard);
        for (const watch::AlertEvent& event : heard.events) {
            notifier.tell(event);
        }
        tell_failures(context);
        if (metrics) {
            metrics->publish(watch::metrics_text(heard.observer));
        }
    }
    void finish(Context& context) {
        notifier.finish();
        tell_failures(context);
        view.finish();
    }
    void tell_failures(Context& context) {
        for (const std::string& failure : notifier.failures()) {
            context.console().err(fmt::format("hook failed: {}", failure));
        }
    }
};

Result<std::unique_ptr<Outlets>> open_outlets(Context& context,
                                              const WatchCommandOptions& options,
                                              const std::string& database) {
    watch::NotifyOptions notify;
    notify.database = database;
    notify.webhook = options.webhook;
    if (!options.on_alert.empty()) {
        PLUMB_TRY(command, watch::split_words(options.on_alert));
        notify.command = std::move(command);
    }
    if (!options.webhook.empty()) {
        PLUMB_CHECK(watch::parse_address(options.webhook));
    }
    std::unique_ptr<watch::MetricsServer> metrics;
    if (options.metrics_port >= 0) {
        PLUMB_TRY(server,
                  watch::MetricsServer::start(static_cast<std::uint16_t>(options.metrics_port)));
        metrics = std::move(server);
        context.console().note(
            fmt::format("metrics on http://127.0.0.1:{}/metrics", metrics->port()));
    }
    return std::make_unique<Outlets>(context, std::move(notify), std::move(metrics));
}

ExitCode exit_of(const watch::Observer& observer) {
    return observer.alerts().any_problem() ? ExitCode::Problems : ExitCode::Done;
}

}  // namespace

Result<ExitCode> watch_live(Context& context, const WatchCommandOptions& options) {
    PLUMB_TRY(database, context.database());
    Known known;
    PLUMB_CHECK(load_project(context, known));
    PLUMB_CHECK(load_recordings(context, database, known));
    known.sources.priority = options.priority;
    PLUMB_TRY(watching, watch_options(context, options, database, known));
    if (options.fresh) {
        PLUMB_TRY(aside, watch::put_aside(watching.folder, context.clock().now().count()));
        if (aside) {
            context.console().note(
                fmt::format("a new series; the older one is in {}", aside->string()));
        }
    }
    PLUMB_TRY(members, members_of(context, options));
    watch::SamplerOptions sampling;
    sampling.database = database;
    sampling.members = std::move(members);
    sampling.strategy = known.sources.strategy;
    sampling.priority = options.priority;
    sampling.note = [&context](const std::string& text) { context.console().note(text); };
    PLUMB_TRY(client, context.client());
    watching.facts.url = client->redacted_url();
    watch::Sampler sampler{std::move(sampling), context.clock()};
    PLUMB_TRY(outlets, open_outlets(context, options, database));
    PLUMB_TRY(observer,
              watch::watch(watching,
                           sampler,
                           {context.clock(), context.interrupt()},
                           [&](const watch::Heard& heard) {
                               if (heard.live) {
                                   outlets->hear(context, heard);
                               }
                           }));
    outlets->finish(context);
    if (observer->history().samples() == 0) {
        context.console().note("stopped before the first sample");
        return ExitCode::Done;
    }
    const watch::Summary summary = watch::summarise(*observer);
    const auto file = watching.folder / "summary.json";
    PLUMB_CHECK(watch::save(summary, file));
    outlets->view.show(summary);
    context.console().note(fmt::format("kept in {}", file.string()));
    return exit_of(*observer);
}

Result<ExitCode> watch_report(Context& context) {
    const auto folder = watch_folder(context);
    if (!std::filesystem::exists(watch::series_file(folder))) {
        return fail(ErrorCode::IoError,
                    fmt::format("there is no {}; run `plumb watch` first",
                                watch::series_file(folder).string()));
    }
    PLUMB_TRY(observer, watch::replay(watch::series_file(folder), [](const watch::Heard&) {}));
    const watch::Summary summary = watch::summarise(*observer);
    PLUMB_CHECK(watch::save(summary, folder / "summary.json"));
    WatchView{context}.show(summary);
    return exit_of(*observer);
}

Result<ExitCode> watch_again(Context& context, const WatchCommandOptions& options) {
    PLUMB_TRY(outlets, open_outlets(context, options, ""));
    PLUMB_TRY(observer, watch::replay(options.fast_forward, [&](const watch::Heard& heard) {
                  outlets->hear(context, heard);
              }));
    outlets->finish(context);
    outlets->view.show(watch::summarise(*observer));
    return exit_of(*observer);
}

}  // namespace plumb::cli
