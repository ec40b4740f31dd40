// SPDX-License-Identifier: GPL-3.0-or-later
// plumb init: a project folder for a database that is there already.
#include "bson/builder.h"
#include "bson/json.h"
#include "cli/advise_sources.h"
#include "cli/commands.h"
#include "project/migration_schema.h"
#include "project/project_text.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>

namespace plumb::cli {
namespace {

// One file of the folder, by its path within.
using NewFile = std::pair<std::filesystem::path, std::string>;

bool is_the_applications(bson::View collection) {
    const bson::ValueView name = collection.find("name");
    const bson::ValueView type = collection.find("type");
    const bool is_view = type.type() == bson::Type::String && type.as_string() == "view";
    return name.type() == bson::Type::String && !is_view &&
           !name.as_string().starts_with("system.") && !name.as_string().starts_with("_plumb_");
}

// Text and geo indexes have options that no file of a project can say.
bool can_be_written(const project::IndexDefinition& index) {
    for (const bson::Element& option : index.other) {
        if (option.name != "collation" && option.name != "v" && option.name != "background") {
            return false;
        }
    }
    return true;
}

Result<project::Found> look(Context& context, const std::string& database) {
    PLUMB_TRY(client, context.client());
    PLUMB_TRY(collections, client->list_collections(database));
    project::Found out{database, {}};
    for (const bson::Document& collection : collections) {
        if (!is_the_applications(collection)) {
            continue;
        }
        project::IndexBlock block{std::string{collection.view().find("name").as_string()}, {}};
        PLUMB_TRY(indexes, client->list_indexes(database, block.collection));
        for (const bson::Document& each : indexes) {
            PLUMB_TRY(index, project::index_from_server(each));
            if (index.name == "_id_") {
                continue;
            }
            if (!can_be_written(index)) {
                context.console().note(fmt::format(
                    "NOTE: left out {}.{}: it has options that strategy.yaml cannot say ({})",
                    block.collection,
                    index.name,
                    bson::to_json(index.other)));
                continue;
            }
            block.indexes.push_back(std::move(index));
        }
        out.collections.push_back(std::move(block));
    }
    if (out.collections.empty()) {
        return fail(ErrorCode::NamespaceNotFound,
                    fmt::format("{} on {} has no collections; --db names another database",
                                database,
                                client->redacted_url()));
    }
    return out;
}

// Before anything is written, so that a folder is never half made.
Status refuse_to_overwrite(const std::filesystem::path& folder, const std::vector<NewFile>& files) {
    std::string there;
    for (const auto& [path, text] : files) {
        std::error_code failed;
        if (std::filesystem::exists(folder / path, failed)) {
            there += (there.empty() ? "" : ", ") + (folder / path).lexically_normal().string();
        }
    }
    if (!there.empty()) {
        return fail(ErrorCode::RefusedForSafety,
                    fmt::format("{} is there already and is not overwritten; --project DIR names "
                                "another folder",
                                there));
    }
    return {};
}

Status write_file(const std::filesystem::path& path, const std::string& text) {
    std::error_code failed;
    std::filesystem::create_directories(path.parent_path(), failed);
    std::ofstream file{path, std::ios::binary | std::ios::trunc};
    file << text;
    file.flush();
    if (!file) {
        return fail(ErrorCode::IoError, fmt::format("{} cannot be written", path.string()));
    }
    return {};
}

void say(Context& context,
         const std::filesystem::path& folder,
         const std::vector<NewFile>& files,
         bool has_baseline) {
    if (context.options.json) {
        bson::Builder out;
        out.begin_array("files");
        for (const auto& [path, text] : files) {
            out.push((folder / path).lexically_normal().string());
        }
        out.end();
        context.console().out(bson::to_json(out.finish()));
        return;
    }
    for (const auto& [path, text] : files) {
        context.console().out(fmt::format("wrote {}", (folder / path).lexically_normal().string()));
    }
    if (has_baseline) {
        context.console().note(
            "next: plumb migrate baseline --to 001, so that 001 counts as applied on this "
            "database");
    }
}

Result<ExitCode> run_init(Context& context, const SourceOptions& sources) {
    PLUMB_TRY(database, context.database());
    PLUMB_TRY(found, look(context, database));
    const std::filesystem::path& folder = context.options.project;
    std::vector<NewFile> files{{"plumbline.yaml", project::project_text(found)},
                               {"strategy.yaml", project::strategy_text(found)}};
    const std::string baseline =
        project::baseline_text(found, {1, "baseline", "the indexes that were there"});
    if (!baseline.empty()) {
        files.emplace_back("migrations/001_baseline.yaml", baseline);
        files.emplace_back(std::filesystem::path{"migrations"} / project::kMigrationSchemaFile,
                           bson::to_pretty_json(project::migration_schema()) + "\n");
    }
    if (sources.captured()) {
        PLUMB_TRY(workload, captured_workload(context, sources, database));
        files.emplace_back("workload.yaml", std::move(workload));
    }
    PLUMB_CHECK(refuse_to_overwrite(folder, files));
    for (const auto& [path, text] : files) {
        PLUMB_CHECK(write_file(folder / path, text));
    }
    say(context, folder, files, !baseline.empty());
    if (!sources.captured()) {
        context.console().note(
            "there is no workload.yaml yet: plumb advise --from-log FILE --save-workload "
            "workload.yaml, or --from-profile, or --from-source FOLDER");
    }
    return ExitCode::Done;
}

}  // namespace

void setup_init(CLI::App& app, Context& context) {
    CLI::App* command =
        app.add_subcommand("init", "write a project folder for an existing database");
    command->footer(
        "It writes plumbline.yaml, strategy.yaml and migrations/001_baseline.yaml from what is "
        "there, and workload.yaml from a source if one is given. Nothing is overwritten, and "
        "nothing is written to the database.\n"
        "Example:\n  plumb --url mongodb://db.example/ --db shop --project shop init\n"
        "  plumb --db shop --project shop init --from-log mongod.log.gz");
    auto sources = std::make_shared<SourceOptions>();
    add_captured_options(*command, *sources);
    command->callback([&context, sources] {
        context.run([&context, sources] { return run_init(context, *sources); });
    });
}

}  // namespace plumb::cli
