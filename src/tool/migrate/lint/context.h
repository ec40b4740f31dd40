// SPDX-License-Identifier: GPL-3.0-or-later
// What a lint check looks at: the files, what the database is and will be when each operation
// begins.
//
// Threads  one thread; the facts ask the server once each.
#pragma once

#include "base/result.h"
#include "project/migration_file.h"
#include "tool/migrate/index/database_facts.h"
#include "tool/migrate/ledger/ledger_record.h"
#include "tool/workload/workload.h"

#include <chrono>
#include <string>
#include <vector>

namespace plumb::migrate::lint {

struct LintOptions {
    std::chrono::milliseconds build_budget{std::chrono::minutes{10}};
    // Below so many documents a scan is nobody's problem.
    std::int64_t small_collection = 1000;
    bool scans = true;  // also the checks that read whole collections
};

// One operation of a file that is looked at.
struct Step {
    const project::MigrationFile* file = nullptr;
    const project::Operation* operation = nullptr;
    // The indexes of its collection when it begins: those of the database now and those that
    // earlier steps make, without those that they drop. Without a database only the latter.
    std::vector<project::IndexDefinition> before;
    bool collection_is_new = false;  // an earlier step makes it
};

struct Context {
    // All files of the folder, readable or not.
    const std::vector<project::ScannedMigration>& scanned;
    // Those that are checked: the ones that have not been applied, or all.
    std::vector<const project::MigrationFile*> files{};
    std::vector<Step> steps{};  // of `files`, in their order
    // Null where there is none.
    DatabaseFacts* facts = nullptr;
    const std::vector<Record>* records = nullptr;
    const workload::Workload* workload = nullptr;
    LintOptions options{};
};

// What one check found, before the row's code and reason are added.
struct Found {
    const project::MigrationFile* file = nullptr;  // whose `allow` counts; null: nobody's
    project::Position position;
    std::string collection;
    std::string subject;  // the index, field or number in question
    std::string text;     // one sentence, may go on over more lines
};

using FoundList = Result<std::vector<Found>>;

// A finding about an index, at its place in the file.
[[nodiscard]] Found found_at(const Step& step,
                             const project::IndexDefinition& index,
                             std::string text);

// Fills `steps` from `files`: plays the operations over the indexes that are there.
//   errors  what the server says
[[nodiscard]] Status play_steps(Context& context);

// The indexes that a step wants and that are not there yet; none for another kind.
[[nodiscard]] std::vector<project::IndexDefinition> new_indexes(const Step& step);

}  // namespace plumb::migrate::lint
