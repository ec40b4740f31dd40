// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/rehearse/before_run.h"

#include "bson/json.h"
#include "tool/migrate/index/index_plan.h"
#include "tool/migrate/index/precheck.h"
#include "tool/migrate/ledger/ledger.h"
#include "tool/migrate/lint/lint.h"
#include "tool/migrate/status.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::rehearse {
namespace {

constexpr std::size_t kIdsMax = 100;

// An edited or late file is about the ledger of the source, not about what a run would do.
bool is_about_order(std::string_view code) {
    return code == "EDITED_FILE" || code == "LATE_NUMBER" || code == "NUMBER_GAP";
}

std::string id_text(bson::View document) {
    const bson::ValueView id = document.find("_id");
    return id.type() == bson::Type::ObjectId ? id.as_object_id().to_hex() : bson::to_json(id);
}

std::vector<std::string> ids_in(bson::View details) {
    std::vector<std::string> out;
    const bson::ValueView groups = details.find("duplicates");
    if (groups.type() != bson::Type::Array) {
        return out;
    }
    for (const bson::Element& group : groups.as_array()) {
        const bson::ValueView documents = group.value.as_document().find("documents");
        if (documents.type() != bson::Type::Array) {
            continue;
        }
        for (const bson::Element& each : documents.as_array()) {
            if (each.value.type() == bson::Type::Document && out.size() < kIdsMax) {
                out.push_back(id_text(each.value.as_document()));
            }
        }
    }
    return out;
}

Status find_unique(const migrate::Deployment& source,
                   const project::MigrationFile& file,
                   const project::Operation& operation,
                   Rehearsal& out) {
    const auto* create = std::get_if<project::CreateIndexes>(&operation.body);
    if (create == nullptr) {
        return {};
    }
    PLUMB_TRY(existing, migrate::indexes_of(source.client, source.database, operation.collection));
    for (const project::IndexDefinition& index :
         migrate::to_create(migrate::plan_indexes(create->indexes, existing))) {
        if (!index.unique || existing.empty()) {
            continue;
        }
        PLUMB_CHECK(source.interrupt.check_now());
        source.tell(migrate::Progress{
            fmt::format("looking for duplicates: {}.{}", operation.collection, index.name), 0, 0});
        PLUMB_TRY(problems, migrate::find_duplicates(source, operation.collection, index));
        for (const migrate::Problem& problem : problems) {
            out.failures.push_back({"duplicates",
                                    file.version,
                                    problem.collection,
                                    problem.index,
                                    problem.text,
                                    ids_in(problem.details)});
        }
    }
    return {};
}

}  // namespace

migrate::Deployment looking_at_source(const Inputs& inputs) {
    return {inputs.source,
            inputs.connect_source,
            inputs.database,
            inputs.tool,
            inputs.clock,
            inputs.faults,
            inputs.interrupt,
            [&inputs](const migrate::Event& event) {
                if (const auto* progress = std::get_if<migrate::Progress>(&event)) {
                    inputs.progress(progress->label, progress->done, progress->total);
                }
            }};
}

Result<std::vector<const project::MigrationFile*>> choose_migrations(
    const migrate::Deployment& source, const Inputs& inputs, const Options& options) {
    std::vector<project::MigrationFile> files;
    for (const project::ScannedMigration& each : inputs.scanned) {
        const bool wanted =
            options.versions.empty() ||
            std::find(options.versions.begin(), options.versions.end(), each.version) !=
                options.versions.end();
        if (!each.file.ok() && wanted) {
            return each.file.error();
        }
        if (each.file.ok()) {
            files.push_back(*each.file);
        }
    }
    PLUMB_TRY(records, migrate::read_ledger(source));
    std::vector<const project::MigrationFile*> out;
    for (const migrate::VersionStatus& status : migrate::compare(files, records)) {
        const bool named =
            std::find(options.versions.begin(), options.versions.end(), status.version) !=
            options.versions.end();
        if (named && !migrate::is_pending(status)) {
            return fail(ErrorCode::UsageError,
                        fmt::format("migration {} is applied in {} already; there is nothing to "
                                    "rehearse",
                                    project::version_text(status.version),
                                    inputs.database));
        }
        if ((named || options.versions.empty()) && migrate::is_pending(status)) {
            const auto file = std::find_if(
                inputs.scanned.begin(), inputs.scanned.end(), [&status](const auto& each) {
                    return each.version == status.version && each.file.ok();
                });
            if (file != inputs.scanned.end()) {
                out.push_back(&*file->file);
            }
        }
    }
    for (const int version : options.versions) {
        if (std::none_of(out.begin(), out.end(), [version](const auto* each) {
                return each->version == version;
            })) {
            return fail(ErrorCode::UsageError,
                        fmt::format("there is no migration {}", project::version_text(version)));
        }
    }
    if (out.empty()) {
        return fail(ErrorCode::UsageError,
                    fmt::format("no migration is pending in {}; there is nothing to rehearse",
                                inputs.database));
    }
    return out;
}

Status lint_migrations(const migrate::Deployment& source,
                       const Inputs& inputs,
                       const std::vector<const project::MigrationFile*>& files,
                       Rehearsal& out) {
    migrate::DatabaseFacts facts{source};
    PLUMB_TRY(records, migrate::read_ledger(source));
    migrate::lint::Context lint{.scanned = inputs.scanned};
    lint.files = files;
    lint.facts = &facts;
    lint.records = &records;
    lint.workload = inputs.workload;
    lint.options.scans = false;  // duplicates are looked for with their ids
    PLUMB_CHECK(play_steps(lint));
    PLUMB_TRY(report, migrate::lint::run_lint(lint));
    for (const migrate::lint::Finding& finding : report.findings) {
        if (is_about_order(finding.row->code)) {
            continue;
        }
        LintLine line;
        line.code = finding.row->code;
        line.error = finding.row->severity == migrate::lint::Severity::Error;
        line.migration = finding.found.file == nullptr ? "" : finding.found.file->number();
        line.file = finding.found.position.file ? *finding.found.position.file : std::string{};
        line.line = finding.found.position.line;
        line.text = finding.found.text;
        if (line.error) {
            out.failures.push_back({"lint",
                                    finding.found.file == nullptr ? 0 : finding.found.file->version,
                                    finding.found.collection,
                                    finding.found.subject,
                                    fmt::format("{}: {}", line.code, line.text),
                                    {}});
        }
        out.lint.push_back(std::move(line));
    }
    return {};
}

Status look_for_duplicates(const migrate::Deployment& source,
                           const std::vector<const project::MigrationFile*>& files,
                           Rehearsal& out) {
    for (const project::MigrationFile* file : files) {
        for (const project::Operation& operation : file->up) {
            PLUMB_CHECK(find_unique(source, *file, operation, out));
        }
    }
    return {};
}

}  // namespace plumb::rehearse
