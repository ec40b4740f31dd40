// SPDX-License-Identifier: GPL-3.0-or-later
// plumb copy: a database to another deployment.
#include "bson/builder.h"
#include "bson/json.h"
#include "cli/commands.h"
#include "tool/copy/copy.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace plumb::cli {
namespace {

struct CopyOptions {
    std::string to;
    copy::Options copy;
};

void print_lines(Console& console, const copy::Report& report) {
    for (const copy::Line& line : report.lines) {
        std::string text = line.name + ": ";
        if (line.kind == copy::Kind::View) {
            text += "view";
        } else {
            text += fmt::format("{} documents, {}, {} {}",
                                human_count(line.target.documents),
                                human_bytes(line.target.bytes),
                                line.indexes,
                                line.indexes == 1 ? "index" : "indexes");
            if (line.continued > 0) {
                text += fmt::format(" ({} were there)", human_count(line.continued));
            }
            text += "  " + line.target.hash_text();
        }
        text += "  " + (line.equal ? console.coloured(Colour::Green, "✓")
                                   : console.coloured(Colour::Red, "✗ " + line.difference));
        console.out(text);
    }
}

// A failure half-way leaves what was copied: the same command goes on with it.
Result<ExitCode> stopped(Context& context, Error error) {
    const ExitCode exit = exit_code_for(error.code());
    if (exit == ExitCode::Refused || error.code() == ErrorCode::NamespaceNotFound) {
        return error;
    }
    const Error told =
        std::move(error).context("the copy is not whole; the same command goes on with it");
    if (exit == ExitCode::NoServer) {
        return told;
    }
    if (context.options.json) {
        bson::Builder out;
        out.begin_document("error");
        out.append("code", static_cast<std::int32_t>(told.code()));
        out.append("codeName", error_code_name(told.code()));
        out.append("message", told.message());
        out.end();
        context.console().out(bson::to_json(out.finish()));
    }
    context.console().err(fmt::format("error: {}", told.message()));
    return ExitCode::NotRolledBack;
}

Result<ExitCode> run_copy(Context& context, const CopyOptions& options) {
    PLUMB_TRY(database, context.database());
    PLUMB_TRY(source, context.client());
    client::ConnectOptions to;
    to.url = options.to;
    PLUMB_TRY(target, client::Client::connect(to));
    Console& console = context.console();
    copy::Options copy_options = options.copy;
    copy_options.database = database;
    const copy::Progress progress =
        [&console](std::string_view label, std::int64_t done, std::int64_t total) {
            console.progress(label, done, total);
        };
    auto report = copy::run(*source, *target, copy_options, context.interrupt(), progress);
    console.progress_done();
    if (!report.ok()) {
        return stopped(context, std::move(report).error());
    }
    if (context.options.json) {
        console.out(bson::to_json(copy::to_document(*report)));
    } else {
        print_lines(console, *report);
        const std::string summary = fmt::format("{} to {}", database, target->redacted_url());
        console.out("");
        console.out(report->equal()
                        ? console.coloured(Colour::Green, "✓ copied and verified: " + summary)
                        : console.coloured(Colour::Red, "✗ the copy differs: " + summary));
    }
    return report->equal() ? ExitCode::Done : ExitCode::Problems;
}

}  // namespace

void setup_copy(CLI::App& app, Context& context) {
    CLI::App* command = app.add_subcommand("copy", "the database to another deployment, verified");
    command->footer(
        "Example:\n  plumb copy --to mongodb://db.example.net:27017\n  plumb --db shop copy --to "
        "\"$MONGO_URL\" --to-db shop_2");
    auto options = std::make_shared<CopyOptions>();
    command->add_option("--to", options->to, "the deployment to copy to")->required();
    command->add_option(
        "--to-db", options->copy.target_database, "its database; of the same name otherwise");
    command->add_flag("--into-nonempty",
                      options->copy.into_nonempty,
                      "the target may have other collections, which are left alone");
    command->callback([&context, options] {
        context.run([&context, options] { return run_copy(context, *options); });
    });
}

}  // namespace plumb::cli
