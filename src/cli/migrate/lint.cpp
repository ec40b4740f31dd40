// SPDX-License-Identifier: GPL-3.0-or-later
// plumb migrate lint: what is wrong with migrations before anything runs.
#include "tool/migrate/lint/lint.h"

#include "bson/builder.h"
#include "bson/json.h"
#include "cli/migrate/commands.h"
#include "cli/migrate/lint_run.h"
#include "cli/migrate/session.h"
#include "tool/migrate/ledger/ledger.h"
#include "tool/migrate/status.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>

namespace plumb::cli {
namespace {

using migrate::lint::Finding;
using migrate::lint::LintReport;
using migrate::lint::LintRow;
using migrate::lint::Severity;

struct LintCommand {
    std::vector<std::string> versions;
    bool all = false;
    bool offline = false;
    bool codes = false;
    bool quick = false;
    std::string budget = "10m";
};

std::string_view severity_name(Severity severity) {
    return severity == Severity::Error ? "error" : "warning";
}

ExitCode show_codes(Context& context) {
    bson::Builder json;
    json.begin_array("codes");
    for (const LintRow& row : migrate::lint::lint_rows()) {
        if (context.options.json) {
            json.push_document();
            json.append("code", row.code);
            json.append("severity", severity_name(row.severity));
            json.append("canBeAllowed", row.can_be_allowed);
            json.append("about", row.about);
            json.append("reason", row.reason);
            json.append("remedy", row.remedy);
            json.end();
            continue;
        }
        context.console().out(fmt::format("{:<26} {:<8} {}{}\n{:36}why: {}\n{:36}instead: {}",
                                          row.code,
                                          severity_name(row.severity),
                                          row.about,
                                          row.can_be_allowed ? "" : " (cannot be allowed)",
                                          "",
                                          row.reason,
                                          "",
                                          row.remedy));
    }
    json.end();
    if (context.options.json) {
        context.console().out(bson::to_json(json.finish()));
    }
    return ExitCode::Done;
}

void append(bson::Builder& out, const Finding& finding) {
    out.push_document();
    out.append("code", finding.row->code);
    out.append("severity", severity_name(finding.row->severity));
    out.append("file", finding.found.position.file ? *finding.found.position.file : std::string{});
    out.append("line", finding.found.position.line);
    out.append("column", finding.found.position.column);
    if (finding.found.file != nullptr) {
        out.append("migration", finding.found.file->number());
    }
    out.append("collection", finding.found.collection);
    out.append("subject", finding.found.subject);
    out.append("text", finding.found.text);
    out.append("reason", finding.row->reason);
    out.append("remedy", finding.row->remedy);
    out.append("canBeAllowed", finding.row->can_be_allowed);
    out.end();
}

bson::Document to_bson(const LintReport& report) {
    bson::Builder out;
    for (const auto& [name, list] :
         {std::pair{"findings", &report.findings}, std::pair{"allowed", &report.allowed}}) {
        out.begin_array(name);
        for (const Finding& finding : *list) {
            append(out, finding);
        }
        out.end();
    }
    out.begin_array("skipped");
    for (const migrate::lint::Skipped& each : report.skipped) {
        out.push_document();
        out.append("code", each.row->code);
        out.append("why", each.why);
        out.end();
    }
    out.end();
    return out.finish();
}

void show(Console& console, const Finding& finding) {
    const bool error = finding.row->severity == Severity::Error;
    console.out(fmt::format("{}: {} {}",
                            finding.found.position.to_string(),
                            console.coloured(error ? Colour::Red : Colour::Yellow,
                                             severity_name(finding.row->severity)),
                            console.coloured(Colour::Bold, finding.row->code)));
    console.out(fmt::format("    {}", finding.found.text));
    console.out(fmt::format("    why: {}", finding.row->reason));
    console.out(fmt::format("    instead: {}", finding.row->remedy));
    if (finding.row->can_be_allowed) {
        console.out(fmt::format("    or, if it is meant to be so, in the file: allow: [{}]",
                                finding.row->code));
    }
}

void show(Console& console, const LintReport& report, std::size_t files) {
    for (const Finding& finding : report.findings) {
        show(console, finding);
    }
    if (!report.skipped.empty()) {
        std::set<std::string> reasons;
        for (const migrate::lint::Skipped& each : report.skipped) {
            reasons.insert(each.why);
        }
        console.note(fmt::format("NOTE: {} of {} checks were not done: {}",
                                 report.skipped.size(),
                                 migrate::lint::lint_rows().size(),
                                 fmt::join(reasons, "; ")));
    }
    console.out(fmt::format("{} migration(s), {} finding(s), {} allowed",
                            files,
                            report.findings.size(),
                            report.allowed.size()));
}

// What the command looks at, and where it lives while it is looked at.
struct Subject {
    std::vector<project::ScannedMigration> scanned;
    std::optional<migrate::Deployment> deployment;
    std::optional<migrate::DatabaseFacts> facts;
    std::vector<migrate::Record> records;
    std::optional<workload::Workload> workload;
};

Status load_workload(Context& context, std::optional<workload::Workload>& out) {
    PLUMB_TRY(project, context.project());
    std::error_code ignored;
    if (std::filesystem::exists(project->workload_file(), ignored)) {
        PLUMB_TRY(workload, workload::load_workload(project->workload_file()));
        out = std::move(workload);
    }
    return {};
}

bool is_applied(const std::vector<migrate::Record>& records, int version) {
    return std::any_of(records.begin(), records.end(), [version](const migrate::Record& record) {
        return record.version == version && record.state == migrate::State::Applied;
    });
}

Result<std::set<int>> wanted_versions(const LintCommand& command) {
    std::set<int> out;
    for (const std::string& text : command.versions) {
        PLUMB_TRY(version, project::parse_version(text));
        out.insert(version);
    }
    return out;
}

Result<ExitCode> run_lint_command(Context& context, const LintCommand& command) {
    if (command.codes) {
        return show_codes(context);
    }
    PLUMB_TRY(versions, wanted_versions(command));
    PLUMB_TRY(budget, migrate::parse_span(command.budget));
    PLUMB_TRY(project, context.project());
    Subject subject;
    subject.scanned = project::scan_migrations(project->migrations_directory());
    PLUMB_CHECK(load_workload(context, subject.workload));
    if (!command.offline) {
        PLUMB_TRY(deployment, looking_deployment(context));
        subject.deployment.emplace(std::move(deployment));
        subject.facts.emplace(*subject.deployment);
        PLUMB_TRY(records, migrate::read_ledger(*subject.deployment));
        subject.records = std::move(records);
    }
    migrate::lint::Context lint{.scanned = subject.scanned};
    for (const project::ScannedMigration& each : subject.scanned) {
        const bool chosen = versions.empty()
                                ? command.all || !is_applied(subject.records, each.version)
                                : versions.contains(each.version);
        if (chosen && each.file.ok()) {
            lint.files.push_back(&*each.file);
        }
    }
    for (const int version : versions) {
        if (std::none_of(subject.scanned.begin(),
                         subject.scanned.end(),
                         [version](const auto& each) { return each.version == version; })) {
            return fail(ErrorCode::UsageError,
                        fmt::format("there is no migration {}", project::version_text(version)));
        }
    }
    lint.facts = subject.facts.has_value() ? &*subject.facts : nullptr;
    lint.records = command.offline ? nullptr : &subject.records;
    lint.workload = subject.workload.has_value() ? &*subject.workload : nullptr;
    lint.options.build_budget = budget;
    lint.options.scans = !command.quick;
    PLUMB_CHECK(play_steps(lint));
    PLUMB_TRY(report, migrate::lint::run_lint(lint));
    context.console().progress_done();
    if (context.options.json) {
        context.console().out(bson::to_json(to_bson(report)));
    } else {
        show(context.console(), report, lint.files.size());
    }
    return report.findings.empty() ? ExitCode::Done : ExitCode::Problems;
}

Error refused(const std::vector<const Finding*>& errors) {
    std::string text = "refused before anything was changed:";
    bson::Builder details;
    details.begin_array("problems");
    for (const Finding* each : errors) {
        text += fmt::format("\n  {}: {}\n    {}\n    instead: {}",
                            each->found.position.to_string(),
                            each->row->code,
                            each->found.text,
                            each->row->remedy);
        append(details, *each);
    }
    details.end();
    return fail(ErrorCode::RefusedForSafety, std::move(text))
        .with_details(details.finish().bytes());
}

}  // namespace

Status lint_before_run(Context& context,
                       const migrate::Deployment& deployment,
                       const std::vector<project::MigrationFile>& all,
                       const std::vector<const project::MigrationFile*>& to_run) {
    if (to_run.empty()) {
        return {};
    }
    std::vector<project::ScannedMigration> scanned;
    scanned.reserve(all.size());
    for (const project::MigrationFile& file : all) {
        scanned.push_back({file.path, file.version, file});
    }
    std::optional<workload::Workload> workload;
    PLUMB_CHECK(load_workload(context, workload));
    migrate::DatabaseFacts facts{deployment};
    PLUMB_TRY(records, migrate::read_ledger(deployment));
    migrate::lint::Context lint{.scanned = scanned};
    lint.files = to_run;
    lint.facts = &facts;
    lint.records = &records;
    lint.workload = workload.has_value() ? &*workload : nullptr;
    lint.options.scans = false;
    PLUMB_CHECK(play_steps(lint));
    PLUMB_TRY(report, migrate::lint::run_lint(lint));
    std::vector<const Finding*> errors;
    std::set<std::string> warnings;
    for (const Finding& finding : report.findings) {
        // An edited file has its own answer, with the difference.
        if (finding.row->code == "EDITED_FILE" || finding.row->code == "LATE_NUMBER") {
            continue;
        }
        if (finding.row->severity == Severity::Error) {
            errors.push_back(&finding);
        } else {
            warnings.emplace(finding.row->code);
        }
    }
    if (!errors.empty()) {
        return refused(errors);
    }
    if (!warnings.empty()) {
        context.console().note(
            fmt::format("NOTE: lint has warnings ({}); `plumb migrate lint` "
                        "shows them",
                        fmt::join(warnings, ", ")));
    }
    return {};
}

void setup_migrate_lint(CLI::App& migrate, Context& context) {
    auto command = std::make_shared<LintCommand>();
    CLI::App* lint =
        migrate.add_subcommand("lint", "what is wrong with migrations before anything runs");
    lint->add_option("versions", command->versions, "only these; else all that are not applied");
    lint->add_flag("--all", command->all, "applied ones too");
    lint->add_flag("--offline", command->offline, "look at the files only, at no database");
    lint->add_flag("--quick", command->quick, "read no whole collection: no look for duplicates");
    lint->add_option("--budget", command->budget, "longest build that is no finding")
        ->capture_default_str();
    lint->add_flag("--codes", command->codes, "list all codes with their reasons");
    lint->footer(
        "Exit code 1 if there is a finding that its file does not allow.\n\n"
        "Example:\n  plumb migrate lint\n  plumb migrate lint 003 --json\n"
        "  plumb migrate lint --codes");
    lint->callback([&context, command] {
        context.run([&context, command] { return run_lint_command(context, *command); });
    });
}

}  // namespace plumb::cli
