// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/server_state.h"
#include "tool/migrate/index/database_facts.h"
#include "tool/migrate/index/index_plan.h"
#include "tool/migrate/ledger/ledger.h"
#include "tool/migrate/status.h"
#include "tool/runbook/facts.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

namespace plumb::runbook {
namespace {

using IndexList = std::vector<project::IndexDefinition>;

// The indexes of the database as they will be after the migrations looked at so far.
class IndexesToCome {
  public:
    explicit IndexesToCome(migrate::DatabaseFacts& facts) : facts_(facts) {}

    Result<IndexList*> of(const std::string& collection) {
        const auto at = lists_.find(collection);
        if (at != lists_.end()) {
            return &at->second;
        }
        PLUMB_TRY(existing, facts_.indexes(collection));
        return &lists_.emplace(collection, *existing).first->second;
    }

  private:
    migrate::DatabaseFacts& facts_;
    std::map<std::string, IndexList> lists_;
};

// One migration, step by step, on what is to come.
struct Planning {
    migrate::DatabaseFacts& facts;
    IndexesToCome& indexes;
    Facts& out;
    PendingMigration& pending;

    Status create(const std::string& collection, const project::CreateIndexes& body) {
        PLUMB_TRY(list, indexes.of(collection));
        const IndexList wanted = migrate::to_create(migrate::plan_indexes(body.indexes, *list));
        if (wanted.empty()) {
            return {};
        }
        PLUMB_TRY(forecast, migrate::forecast_build(facts, collection, wanted));
        pending.forecasts.push_back(std::move(forecast));
        pending.creates += static_cast<int>(wanted.size());
        for (const project::IndexDefinition& index : wanted) {
            out.collections[collection].to_create.push_back(index.name);
            list->push_back(index);
        }
        return {};
    }

    Status drop(const std::string& collection, const project::DropIndexes& body) {
        PLUMB_TRY(list, indexes.of(collection));
        for (const std::string& name : body.names) {
            const auto gone = std::erase_if(
                *list, [&name](const project::IndexDefinition& each) { return each.name == name; });
            if (gone > 0) {
                ++pending.drops;
                out.collections[collection].to_drop.push_back(name);
            }
        }
        return {};
    }

    Status plan(const project::Operation& operation) {
        if (const auto* body = std::get_if<project::CreateIndexes>(&operation.body)) {
            return create(operation.collection, *body);
        }
        if (const auto* body = std::get_if<project::DropIndexes>(&operation.body)) {
            return drop(operation.collection, *body);
        }
        pending.other_work.push_back(
            operation.collection.empty()
                ? operation.kind
                : fmt::format("{} on {}", operation.kind, operation.collection));
        return {};
    }
};

Status read_collections(migrate::DatabaseFacts& facts, Facts& out) {
    PLUMB_TRY(names, facts.collections());
    for (const std::string& name : names) {
        PLUMB_TRY(size, facts.size(name));
        PLUMB_TRY(indexes, facts.indexes(name));
        CollectionFacts& collection = out.collections[name];
        collection.documents = size.documents;
        collection.bytes = size.bytes;
        collection.indexes_now = static_cast<int>(indexes->size());
        collection.indexes_then = collection.indexes_now;
    }
    return {};
}

Status read_pending(const migrate::Deployment& deployment,
                    const project::Project& project,
                    migrate::DatabaseFacts& facts,
                    Facts& out) {
    PLUMB_TRY(files, project::load_migrations(project.migrations_directory()));
    PLUMB_TRY(records, migrate::read_ledger(deployment));
    IndexesToCome indexes{facts};
    for (const auto* file : migrate::pending(migrate::compare(files, records), std::nullopt)) {
        PendingMigration pending;
        pending.file = *file;
        Planning planning{facts, indexes, out, pending};
        for (const project::Operation& operation : file->up) {
            PLUMB_CHECK(planning.plan(operation));
        }
        out.pending.push_back(std::move(pending));
    }
    for (auto& [name, collection] : out.collections) {
        PLUMB_TRY(list, indexes.of(name));
        // A collection that the first index makes gets `_id_` as well.
        const bool is_made = collection.indexes_now == 0 && !list->empty();
        collection.indexes_then = static_cast<int>(list->size()) + (is_made ? 1 : 0);
    }
    return {};
}

// True if the rehearsal ran the migrations that are pending, no others and no fewer.
bool rehearses(const rehearse::Rehearsal& rehearsal, const std::vector<PendingMigration>& pending) {
    return std::equal(rehearsal.migrations.begin(),
                      rehearsal.migrations.end(),
                      pending.begin(),
                      pending.end(),
                      [](const rehearse::MigrationLine& line, const PendingMigration& each) {
                          return line.version == each.file.version;
                      });
}

Status read_rehearsal(const Kept& kept, Facts& out) {
    if (!std::filesystem::exists(kept.rehearsal)) {
        return {};
    }
    PLUMB_TRY(rehearsal, rehearse::load(kept.rehearsal));
    if (rehearsal.database != out.database) {
        out.rehearsal_problem =
            fmt::format("{} is of database {}", kept.rehearsal.string(), rehearsal.database);
    } else if (!rehearses(rehearsal, out.pending)) {
        out.rehearsal_problem =
            fmt::format("{} of {} is of other migrations than those pending now",
                        kept.rehearsal.string(),
                        rehearsal.at);
    } else {
        out.rehearsal = std::move(rehearsal);
    }
    return {};
}

Result<std::optional<bench::Recording>> read_bench(const std::filesystem::path& path,
                                                   const std::string& database) {
    if (!std::filesystem::exists(path)) {
        return std::optional<bench::Recording>{};
    }
    PLUMB_TRY(recording, bench::load(path));
    return recording.environment.database == database ? std::optional{std::move(recording)}
                                                      : std::nullopt;
}

}  // namespace

Result<Facts> gather(const migrate::Deployment& deployment,
                     const project::Project& project,
                     const Kept& kept) {
    Facts out;
    out.project = project.name;
    out.project_folder = project.directory.string();
    out.database = deployment.database;
    out.names_database = project.database != deployment.database;
    out.url = deployment.client.redacted_url();
    out.server = bench::server_name(deployment.client);
    const auto now_s = std::chrono::duration_cast<std::chrono::seconds>(deployment.clock.now());
    out.at =
        fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(now_s.count())));
    PLUMB_TRY(notes, project::load_notes(project));
    out.notes = std::move(notes);
    out.window = out.notes.window;
    out.has_strategy = std::filesystem::exists(project.strategy_file());
    migrate::DatabaseFacts facts{deployment};
    PLUMB_CHECK(read_collections(facts, out));
    PLUMB_CHECK(read_pending(deployment, project, facts, out));
    PLUMB_CHECK(read_rehearsal(kept, out));
    PLUMB_TRY(before, read_bench(kept.before, out.database));
    out.before = std::move(before);
    PLUMB_TRY(after, read_bench(kept.after, out.database));
    out.after = std::move(after);
    return out;
}

}  // namespace plumb::runbook
