// SPDX-License-Identifier: GPL-3.0-or-later
// What a runbook is made of: what is pending, what the database has, what was rehearsed and
// measured. Each may be missing; then the runbook says which command records it.
//
// Threads  value types; gather: one thread, reads only.
#pragma once

#include "base/result.h"
#include "project/migration_file.h"
#include "project/notes.h"
#include "project/project.h"
#include "project/strategy.h"
#include "tool/bench/recording.h"
#include "tool/migrate/deployment/deployment.h"
#include "tool/migrate/index/forecast.h"
#include "tool/rehearse/record.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace plumb::runbook {

struct PendingMigration {
    project::MigrationFile file;
    std::vector<migrate::BuildForecast> forecasts;  // of its index builds, from a sample
    int creates = 0;                                // indexes that are not there yet
    int drops = 0;
    std::vector<std::string> other_work;  // "add_field on orders"
};

struct CollectionFacts {
    std::int64_t documents = 0;
    std::int64_t bytes = 0;
    int indexes_now = 0;
    int indexes_then = 0;                // once all that is pending has run
    std::vector<std::string> to_create;  // names
    std::vector<std::string> to_drop;
};

struct Facts {
    std::string project;
    std::string project_folder;  // as the commands name it; "." if they need not
    std::string database;
    bool names_database = false;  // it is not the project's own: the commands have to say so
    std::string url;              // without a password
    std::string server;           // "MongoDB 4.2.0"
    std::string at;               // ISO 8601, UTC
    project::Notes notes;
    std::string window;  // "02:00-05:00"; empty if nobody said
    std::vector<PendingMigration> pending;
    std::map<std::string, CollectionFacts> collections;
    bool has_strategy = false;
    std::optional<rehearse::Rehearsal> rehearsal;
    std::string rehearsal_problem;  // why one that is there was not used
    std::optional<bench::Recording> before;
    std::optional<bench::Recording> after;
};

// Where the kept files are.
struct Kept {
    std::filesystem::path rehearsal;
    std::filesystem::path before;
    std::filesystem::path after;
};

// errors  what the server says; FailedToParse of a kept file; ProjectFileInvalid
[[nodiscard]] Result<Facts> gather(const migrate::Deployment& deployment,
                                   const project::Project& project,
                                   const Kept& kept);

}  // namespace plumb::runbook
