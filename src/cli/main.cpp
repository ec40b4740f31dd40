// SPDX-License-Identifier: GPL-3.0-or-later
// `plumb`: reads the command line, runs one command, turns its outcome into an exit code.
#include "bson/builder.h"
#include "bson/json.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/signals.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>

namespace plumb::cli {
namespace {

struct CommandRow {
    std::string_view name;
    // Null: a command of the design that this version does not have.
    void (*setup)(CLI::App& app, Context& context);
    std::string_view about;  // for those without a setup
};

// clang-format off
constexpr auto kCommands = std::to_array<CommandRow>({
    {"advise",     setup_advise,  ""},
    {"bench",      setup_bench,  ""},
    {"check",      nullptr,       "the consistency reports; read-only"},
    {"copy",       setup_copy,   ""},
    {"demo",       setup_demo,   ""},
    {"generate",   setup_generate, ""},
    {"init",       setup_init,    ""},
    {"migrate",    setup_migrate, ""},
    {"refs",       nullptr,       "every declared reference, broken ones listed"},
    {"rehearse",   setup_rehearse, ""},
    {"report",     setup_report, ""},
    {"rules",      nullptr,       "field rules: check data, generate validators"},
    {"runbook",    setup_runbook, ""},
    {"serve",      nullptr,       "the EarlyBird backend on port 1001 and the dashboard"},
    {"shell",      setup_shell,   ""},
    {"verify",     setup_verify,  ""},
    {"watch",      setup_watch,   ""},
});
// clang-format on

void setup_missing(CLI::App& app, Context& context, const CommandRow& row) {
    CLI::App* command = app.add_subcommand(std::string{row.name}, std::string{row.about});
    command->group("Not available in this version");
    command->prefix_command();
    command->callback([&context, name = row.name] {
        context.run([name]() -> Result<ExitCode> {
            return fail(ErrorCode::UsageError,
                        fmt::format("`plumb {}` is not available in this version", name));
        });
    });
}

void add_common_options(CLI::App& app, CommonOptions& options) {
    app.add_option(
        "--url", options.url, "MongoDB to work on; else MONGO_URL, else the embedded engine");
    app.add_option("--db", options.database, "database; else DB_NAME, the url's, the project's");
    app.add_option("--data", options.data, "data folder of the embedded engine")
        ->capture_default_str();
    app.add_option("--project", options.project, "project folder")->capture_default_str();
    app.add_flag("--json", options.json, "results as JSON on standard output");
    app.add_flag("-q,--quiet", options.quiet, "no progress, no notes");
    app.add_option("--fault", options.faults, "arm a fault point, for tests")->group("");
}

void print_error(Context& context, const Error& error) {
    context.console().progress_done();
    if (context.options.json) {
        bson::Builder out;
        out.begin_document("error");
        out.append("code", static_cast<std::int32_t>(error.code()));
        out.append("codeName", error_code_name(error.code()));
        out.append("message", error.message());
        if (!error.details().empty()) {
            out.append("details", bson::View{std::string_view{error.details()}});
        }
        out.end();
        context.console().out(bson::to_json(out.finish()));
    }
    context.console().err(fmt::format("error: {}", error.message()));
}

int usage_error(const CLI::App& app, const CLI::ParseError& error) {
    const CLI::App* deepest = &app;
    std::string path = "plumb";
    while (!deepest->get_subcommands().empty()) {
        deepest = deepest->get_subcommands().front();
        path += fmt::format(" {}", deepest->get_name());
    }
    // CLI11 says only that a command is missing when there is one that it does not know.
    const std::vector<std::string> unknown = app.remaining(true);
    const bool wants_command = error.get_name() == "RequiredError" &&
                               deepest->get_require_subcommand_min() > 0 && !unknown.empty();
    std::cerr << "error: "
              << (wants_command ? fmt::format("'{}' is no command of {}", unknown.front(), path)
                                : std::string{error.what()})
              << "\n";
    std::cerr << "Try `" << path << " --help`.\n";
    return static_cast<int>(ExitCode::Usage);
}

int print_help(const CLI::App& app, const std::string& topic) {
    const CLI::App* about = &app;
    if (!topic.empty()) {
        const auto found = app.get_subcommands(
            [&topic](const CLI::App* each) { return each->get_name() == topic; });
        about = found.empty() ? nullptr : found.front();
        if (about == nullptr) {
            std::cerr << fmt::format("error: '{}' is no command of plumb\n", topic);
            return static_cast<int>(ExitCode::Usage);
        }
    }
    // Not about->help(): that would show the help of the sub-command `help`, which was given.
    std::cout << app.get_formatter()->make_help(
                     about, about == &app ? "plumb" : "plumb " + topic, CLI::AppFormatMode::Normal)
              << "\n";
    return static_cast<int>(ExitCode::Done);
}

int run(int argc, char** argv, Environment environment) {
    CLI::App app{"Plumbline: index strategies for MongoDB, derived, migrated, verified, measured."};
    app.name("plumb");
    app.footer(
        "Example:\n  plumb --project projects/earlybird migrate run 003\n\n"
        "Exit codes: 0 done, 1 found problems, 2 usage, 3 could not connect, 4 refused for\n"
        "safety, 5 failed and rolled back, 6 failed and not rolled back.");
    app.set_version_flag("--version", std::string{"plumb 0.1.0"});
    app.require_subcommand(1);
    app.fallthrough();
    Context context{std::move(environment)};
    add_common_options(app, context.options);
    std::string topic;
    CLI::App* help = app.add_subcommand("help", "this text, or that of one command");
    help->add_option("command", topic, "the command to explain");
    for (const CommandRow& row : kCommands) {
        if (row.setup != nullptr) {
            row.setup(app, context);
        } else {
            setup_missing(app, context, row);
        }
    }
    for (CLI::App* command : app.get_subcommands({})) {
        command->fallthrough();
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
            return app.exit(error);
        }
        return usage_error(app, error);
    }
    if (help->parsed()) {
        return print_help(app, topic);
    }
    if (const Status prepared = context.prepare(); !prepared.ok()) {
        print_error(context, prepared.error());
        return static_cast<int>(exit_code_for(prepared.error().code()));
    }
    const InterruptOnSignals signals{context.interrupt()};
    const Result<ExitCode> outcome = context.action()();
    if (!outcome.ok()) {
        print_error(context, outcome.error());
        return static_cast<int>(exit_code_for(outcome.error().code()));
    }
    return static_cast<int>(*outcome);
}

Environment read_environment() {
    Environment out;
    for (char** each = environ; *each != nullptr; ++each) {
        const std::string_view pair{*each};
        const auto equals = pair.find('=');
        if (equals != std::string_view::npos) {
            out.emplace(pair.substr(0, equals), pair.substr(equals + 1));
        }
    }
    return out;
}

}  // namespace
}  // namespace plumb::cli

int main(int argc, char** argv) {
    try {
        return plumb::cli::run(argc, argv, plumb::cli::read_environment());
    } catch (const std::exception& error) {
        std::cerr << "error: " << error.what() << "\n";
        return static_cast<int>(plumb::ExitCode::Problems);
    }
}
