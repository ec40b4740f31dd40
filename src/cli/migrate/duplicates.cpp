// SPDX-License-Identifier: GPL-3.0-or-later
// plumb migrate duplicates: what a unique index would refuse, and what a rule would keep of it.
#include "bson/builder.h"
#include "bson/json.h"
#include "cli/migrate/commands.h"
#include "cli/migrate/new_file.h"
#include "cli/migrate/session.h"
#include "tool/migrate/index/duplicate_report.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace plumb::cli {
namespace {

constexpr std::size_t kRemovedListed = 5;

struct DuplicatesCommand {
    std::string version;
    std::string keep = "oldest";
    std::string by = "created_at";
    bool write = false;
};

struct UniqueIndex {
    std::string collection;
    project::IndexDefinition index;
};

std::vector<UniqueIndex> unique_indexes(const project::MigrationFile& file) {
    std::vector<UniqueIndex> out;
    for (const project::Operation& operation : file.up) {
        if (const auto* create = std::get_if<project::CreateIndexes>(&operation.body)) {
            for (const project::IndexDefinition& index : create->indexes) {
                if (index.unique) {
                    out.push_back({operation.collection, index});
                }
            }
        }
    }
    return out;
}

void show_empty(Console& console, const migrate::DuplicateReport& report) {
    for (const migrate::EmptyValues& each : report.empty) {
        if (each.missing + each.null + each.empty_text == 0) {
            continue;
        }
        console.out(
            fmt::format("  {}: {} without it and {} with null, which are one value to the "
                        "server; {} with \"\"",
                        each.field,
                        each.missing,
                        each.null,
                        each.empty_text));
        if (each.missing + each.null > 1 || each.empty_text > 1) {
            console.out(
                fmt::format("    or leave them out of the index: partial: {{{}: {{$gt: "
                            "\"\"}}}}",
                            each.field));
        }
    }
}

void show(Console& console, const migrate::DuplicateReport& report, const std::string& keep) {
    console.out(
        fmt::format("{}.{}: {} value(s) that more than one document has, in {} documents; "
                    "{} too many",
                    report.collection,
                    report.index,
                    human_count(report.values),
                    human_count(report.documents),
                    human_count(report.surplus)));
    show_empty(console, report);
    for (const migrate::DuplicateGroup& group : report.listed) {
        std::string removed;
        for (std::size_t at = 0; at < std::min(group.remove.size(), kRemovedListed); ++at) {
            removed += (at == 0 ? "" : ", ") + group.remove[at];
        }
        if (group.remove.size() > kRemovedListed) {
            removed += fmt::format(" and {} more", group.remove.size() - kRemovedListed);
        }
        console.out(fmt::format(
            "  {}: keep the {}, {}; remove {}", group.value, keep, group.keep, removed));
    }
    if (report.values > static_cast<std::int64_t>(report.listed.size())) {
        console.out(fmt::format("  and {} more value(s)",
                                report.values - static_cast<std::int64_t>(report.listed.size())));
    }
}

void append(bson::Builder& out, const migrate::DuplicateReport& report) {
    out.push_document();
    out.append("collection", report.collection);
    out.append("index", report.index);
    out.append("values", report.values);
    out.append("documents", report.documents);
    out.append("surplus", report.surplus);
    out.begin_array("empty");
    for (const migrate::EmptyValues& each : report.empty) {
        out.push_document();
        out.append("field", each.field);
        out.append("missing", each.missing);
        out.append("null", each.null);
        out.append("emptyText", each.empty_text);
        out.end();
    }
    out.end();
    out.begin_array("listed");
    for (const migrate::DuplicateGroup& group : report.listed) {
        out.push_document();
        out.append("value", group.value);
        out.append("keep", group.keep);
        out.begin_array("remove");
        for (const std::string& each : group.remove) {
            out.push(each);
        }
        out.end();
        out.end();
    }
    out.end();
    out.end();
}

Status write_file(Context& context,
                  const DuplicatesCommand& command,
                  const project::MigrationFile& file,
                  const migrate::DuplicateReport& report) {
    if (report.surplus > static_cast<std::int64_t>(report.remove.size())) {
        return fail(ErrorCode::RefusedForSafety,
                    fmt::format("{} documents are too many for a file; write a migration with a "
                                "transform or a delete by a filter of your own",
                                report.surplus));
    }
    PLUMB_TRY(version, next_version(context));
    const project::MigrationHead head{
        version,
        project::migration_name(
            fmt::format("resolve duplicates {} {}", report.collection, report.index)),
        fmt::format("keeps the {} by {} of each value that {}.{} of migration {} would refuse",
                    command.keep,
                    command.by,
                    report.collection,
                    report.index,
                    file.number())};
    PLUMB_TRY(
        path,
        write_migration(
            context, head, project::migration_of_deletes(head, report.collection, report.remove)));
    say_written(context,
                path,
                fmt::format("look at it, then run it before {}: plumb migrate run {}",
                            file.number(),
                            project::version_text(version)));
    return {};
}

Result<ExitCode> run_duplicates(Context& context, const DuplicatesCommand& command) {
    PLUMB_TRY(version, project::parse_version(command.version));
    PLUMB_TRY(files, project_migrations(context));
    const auto file = std::find_if(files.begin(), files.end(), [version](const auto& each) {
        return each.version == version;
    });
    if (file == files.end()) {
        return fail(ErrorCode::UsageError,
                    fmt::format("there is no migration {}", project::version_text(version)));
    }
    PLUMB_TRY(deployment, looking_deployment(context));
    const migrate::KeepRule rule{
        command.keep == "newest" ? migrate::Keep::Newest : migrate::Keep::Oldest, command.by};
    std::int64_t surplus = 0;
    bson::Builder json;
    json.append("keep", command.keep);
    json.append("by", command.by);
    json.begin_array("indexes");
    const std::vector<UniqueIndex> indexes = unique_indexes(*file);
    for (const UniqueIndex& each : indexes) {
        PLUMB_TRY(report,
                  migrate::report_duplicates(deployment, each.collection, each.index, rule));
        surplus += report.surplus;
        append(json, report);
        if (!context.options.json) {
            show(context.console(), report, command.keep);
        }
        if (command.write && report.surplus > 0) {
            PLUMB_CHECK(write_file(context, command, *file, report));
        }
    }
    json.end();
    if (context.options.json && !command.write) {
        context.console().out(bson::to_json(json.finish()));
    } else if (indexes.empty()) {
        context.console().out(fmt::format("migration {} has no unique index", file->number()));
    }
    return surplus == 0 ? ExitCode::Done : ExitCode::Problems;
}

}  // namespace

void setup_migrate_duplicates(CLI::App& migrate, Context& context) {
    auto command = std::make_shared<DuplicatesCommand>();
    CLI::App* app = migrate.add_subcommand(
        "duplicates", "what the unique indexes of a migration would refuse, and what to keep");
    app->add_option("version", command->version, "the migration with the unique index")->required();
    app->add_option("--keep", command->keep, "which of several to keep")
        ->check(CLI::IsMember({"oldest", "newest"}))
        ->capture_default_str();
    app->add_option("--by", command->by, "the field that tells the age")->capture_default_str();
    app->add_flag("--write",
                  command->write,
                  "write a migration that deletes the others, with a backup, to look at and run");
    app->footer(
        "Changes nothing. Exit code 1 if there are duplicates.\n\n"
        "Example:\n  plumb migrate duplicates 003\n"
        "  plumb migrate duplicates 003 --keep newest --by updated_at --write");
    app->callback([&context, command] {
        context.run([&context, command] { return run_duplicates(context, *command); });
    });
}

}  // namespace plumb::cli
