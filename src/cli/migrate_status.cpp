// SPDX-License-Identifier: GPL-3.0-or-later
// plumb migrate status and history.
#include "bson/builder.h"
#include "bson/json.h"
#include "cli/migrate/commands.h"
#include "cli/migrate/session.h"
#include "project/migration_file.h"
#include "tool/migrate/ledger/ledger.h"
#include "tool/migrate/status.h"

#include <CLI/CLI.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace plumb::cli {
namespace {

std::string utc_text(std::int64_t ms) {
    return fmt::format("{:%Y-%m-%d %H:%M:%S}", fmt::gmtime(static_cast<std::time_t>(ms / 1000)));
}

struct Ledgered {
    std::vector<project::MigrationFile> files;
    std::vector<migrate::Record> records;
};

Result<Ledgered> read_all(Context& context) {
    PLUMB_TRY(files, project_migrations(context));
    PLUMB_TRY(deployment, looking_deployment(context));
    PLUMB_TRY(records, migrate::read_ledger(deployment));
    return Ledgered{std::move(files), std::move(records)};
}

std::size_t owned_indexes(const migrate::Record& record) {
    std::size_t out = 0;
    for (const migrate::OperationRecord& operation : record.operations) {
        out += operation.owned.size();
    }
    return out;
}

// What the migration made or keeps for its way back.
std::string owns(const migrate::VersionStatus& row) {
    if (row.record == nullptr) {
        return "-";
    }
    if (row.baseline) {
        return "nothing, a baseline";
    }
    std::int64_t documents = 0;
    std::size_t backups = 0;
    for (const migrate::OperationRecord& operation : row.record->operations) {
        documents += operation.documents;
        backups += operation.backup.empty() || operation.pruned ? 0U : 1U;
    }
    const std::size_t indexes = owned_indexes(*row.record);
    std::string out = fmt::format("{} {}", indexes, indexes == 1 ? "index" : "indexes");
    if (documents > 0) {
        out += fmt::format(", {} documents changed", human_count(documents));
    }
    if (backups > 0) {
        out += fmt::format(", {} backup(s)", backups);
    }
    return out;
}

void print_json(Context& context, const std::vector<migrate::VersionStatus>& statuses) {
    bson::Builder out;
    out.begin_array("migrations");
    for (const migrate::VersionStatus& each : statuses) {
        out.push_document();
        out.append("version", project::version_text(each.version));
        out.append("name", each.name);
        out.append("state", each.state);
        if (each.record != nullptr) {
            out.append("finishedAt", bson::Date{each.record->finished_ms});
            out.append("ownedIndexes", static_cast<std::int64_t>(owned_indexes(*each.record)));
            out.append("baseline", each.baseline);
        }
        if (!each.problem.empty()) {
            out.append("problem", each.problem);
        }
        out.end();
    }
    out.end();
    context.console().out(bson::to_json(out.finish()));
}

constexpr std::size_t kNameWidthMin = 28;

void print_table(Console& console, const std::vector<migrate::VersionStatus>& statuses) {
    if (statuses.empty()) {
        console.out("no migrations");
        return;
    }
    std::size_t width = kNameWidthMin;
    for (const migrate::VersionStatus& each : statuses) {
        width = std::max(width, each.name.size());
    }
    console.out(fmt::format(
        "{:<8} {:<{}} {:<13} {:<20} {}", "version", "name", width, "state", "at (UTC)", "owns"));
    for (const migrate::VersionStatus& each : statuses) {
        const bool ran = each.record != nullptr && each.record->finished_ms > 0;
        console.out(fmt::format("{:<8} {:<{}} {:<13} {:<20} {}",
                                project::version_text(each.version),
                                each.name,
                                width,
                                each.state,
                                ran ? utc_text(each.record->finished_ms) : "-",
                                owns(each)));
        if (!each.problem.empty()) {
            console.out(
                console.coloured(Colour::Yellow, fmt::format("         ! {}", each.problem)));
        }
    }
}

struct HistoryEntry {
    std::int64_t at_ms = 0;
    int version = 0;
    std::string name;
    bson::Document event;
};

std::string text_at(bson::View document, std::string_view field) {
    const bson::ValueView value = document.find(field);
    return value.type() == bson::Type::String ? std::string{value.as_string()} : std::string{};
}

std::vector<HistoryEntry> history_of(const std::vector<migrate::Record>& records) {
    std::vector<HistoryEntry> out;
    for (const migrate::Record& record : records) {
        for (const bson::Document& event : record.events) {
            const bson::ValueView at = event.find("at");
            out.push_back({at.type() == bson::Type::Date ? at.as_date().ms : 0,
                           record.version,
                           record.name,
                           event});
        }
    }
    std::stable_sort(out.begin(), out.end(), [](const HistoryEntry& a, const HistoryEntry& b) {
        return a.at_ms < b.at_ms;
    });
    return out;
}

Result<ExitCode> show_status(Context& context) {
    PLUMB_TRY(all, read_all(context));
    const auto statuses = migrate::compare(all.files, all.records);
    if (context.options.json) {
        print_json(context, statuses);
    } else {
        print_table(context.console(), statuses);
    }
    const bool problems = std::any_of(
        statuses.begin(), statuses.end(), [](const auto& each) { return !each.problem.empty(); });
    return problems ? ExitCode::Problems : ExitCode::Done;
}

Result<ExitCode> show_history(Context& context, const std::string& text) {
    PLUMB_TRY(version, version_option(text));
    PLUMB_TRY(deployment, looking_deployment(context));
    PLUMB_TRY(records, migrate::read_ledger(deployment));
    bson::Builder json;
    json.begin_array("events");
    for (const HistoryEntry& each : history_of(records)) {
        if (version.has_value() && each.version != *version) {
            continue;
        }
        if (context.options.json) {
            json.push_document();
            json.append("version", project::version_text(each.version));
            json.append("name", each.name);
            json.append_all(each.event.view());
            json.end();
            continue;
        }
        context.console().out(fmt::format("{}  {} {:<22} {} {}",
                                          utc_text(each.at_ms),
                                          project::version_text(each.version),
                                          text_at(each.event, "event"),
                                          text_at(each.event, "host"),
                                          text_at(each.event, "detail")));
    }
    json.end();
    if (context.options.json) {
        context.console().out(bson::to_json(json.finish()));
    }
    return ExitCode::Done;
}

}  // namespace

void setup_migrate_status(CLI::App& migrate, Context& context) {
    CLI::App* app = migrate.add_subcommand("status", "each migration and its state");
    app->footer(
        "Edited, deleted and late files are problems: exit code 1.\n\n"
        "Example:\n  plumb migrate status\n  plumb migrate status --json");
    app->callback([&context] { context.run([&context] { return show_status(context); }); });
}

void setup_migrate_history(CLI::App& migrate, Context& context) {
    auto version = std::make_shared<std::string>();
    CLI::App* app = migrate.add_subcommand("history", "what the ledger recorded, in time");
    app->add_option("version", *version, "only of this one");
    app->footer("Example:\n  plumb migrate history 003");
    app->callback([&context, version] {
        context.run([&context, version] { return show_history(context, *version); });
    });
}

}  // namespace plumb::cli
