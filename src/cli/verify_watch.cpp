// SPDX-License-Identifier: GPL-3.0-or-later
// plumb verify --watch: looks again and again and prints what changed.
#include "bson/builder.h"
#include "bson/json.h"
#include "cli/verify_run.h"
#include "cli/verify_view.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <map>
#include <thread>

namespace plumb::cli {
namespace {

constexpr std::chrono::milliseconds kNap{100};

// What stands in a report, by collection and index.
using Lines = std::map<std::string, std::string>;

Lines lines_in(const Console& console, const verify::Report& report) {
    Lines out;
    for (const verify::CollectionReport& collection : report.collections) {
        for (const verify::Line& line : collection.lines) {
            out[fmt::format("{}.{}", collection.name, line.name)] =
                verify_line(console, line, false);
        }
    }
    for (const index_facts::Unreached& each : report.not_asked) {
        out["member " + each.name] = fmt::format("  - {}  not asked: {}", each.name, each.why);
    }
    return out;
}

// False once Ctrl-C came.
bool wait(Context& context, std::chrono::seconds span) {
    const auto until = context.clock().monotonic() + span;
    while (context.clock().monotonic() < until) {
        if (!context.interrupt().check_now().ok()) {
            return false;
        }
        std::this_thread::sleep_for(kNap);
    }
    return context.interrupt().check_now().ok();
}

class Watch {
  public:
    explicit Watch(Context& context) : context_(context) {}

    void show(const verify::Report& report) {
        if (context_.options.json) {
            show_json(report);
            return;
        }
        Console& console = context_.console();
        Lines now = lines_in(console, report);
        if (first_) {
            for (const std::string& line : verify_lines(console, report, false)) {
                console.out(line);
            }
        } else {
            show_changes(now, report);
        }
        before_ = std::move(now);
        first_ = false;
    }

    void show_failure(const Error& error) {
        if (error.message() != failure_) {
            context_.console().err(stamp() + " " + error.message());
        }
        failure_ = error.message();
    }

    void forget_failure() { failure_.clear(); }

  private:
    void show_changes(const Lines& now, const verify::Report& report) {
        std::vector<std::string> changes;
        for (const auto& [name, line] : now) {
            const auto was = before_.find(name);
            if (was == before_.end() || was->second != line) {
                changes.push_back(fmt::format("{}:{}", name.substr(0, name.find('.')), line));
            }
        }
        for (const auto& [name, line] : before_) {
            if (!now.contains(name)) {
                changes.push_back(name + " is gone");
            }
        }
        if (changes.empty()) {
            return;
        }
        Console& console = context_.console();
        for (const std::string& change : changes) {
            console.out(stamp() + " " + change);
        }
        console.out(stamp() + " " + verify_summary(console, report));
    }

    // One line a report, and only where it differs from the one before.
    void show_json(const verify::Report& report) {
        const std::string text = bson::to_json(verify::to_document(report));
        if (text != json_) {
            context_.console().out(text);
        }
        json_ = text;
    }

    [[nodiscard]] std::string stamp() const {
        const auto seconds =
            std::chrono::duration_cast<std::chrono::seconds>(context_.clock().now());
        return fmt::format("{:%H:%M:%S}Z", fmt::gmtime(std::time_t{seconds.count()}));
    }

    Context& context_;
    Lines before_;
    std::string json_;
    std::string failure_;
    bool first_ = true;
};

}  // namespace

Result<ExitCode> watch_drift(Context& context,
                             const project::Strategy& strategy,
                             const VerifyOptions& options) {
    // The first look has to succeed: a wrong url would never come right by waiting.
    PLUMB_TRY(first, look(context, strategy, options));
    Watch watch{context};
    watch.show(first);
    bool drift = first.drift;
    while (wait(context, std::chrono::seconds{options.watch_seconds})) {
        const auto report = look(context, strategy, options);
        if (!report.ok()) {
            watch.show_failure(report.error());
            continue;
        }
        watch.forget_failure();
        watch.show(*report);
        drift = report->drift;
    }
    return drift ? ExitCode::Problems : ExitCode::Done;
}

}  // namespace plumb::cli
