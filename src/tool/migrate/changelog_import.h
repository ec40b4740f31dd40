// SPDX-License-Identifier: GPL-3.0-or-later
// What another migration tool has recorded in the database, read as a history to begin from.
//
//   PLUMB_TRY(log, read_changelog(deployment, "migrate-mongo", ""));
//
// Format   migrate-mongo: `changelog` {fileName, appliedAt}; Mongock: `mongockChangeLog` {changeId,
//          author, timestamp, state, type, systemChange?}
// Reads only.
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "project/migration_file.h"
#include "tool/migrate/baseline.h"
#include "tool/migrate/deployment/deployment.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::migrate {

struct ForeignChange {
    std::string name;  // as a migration's name: "blacklist_the_beatles"
    std::string text;  // as the tool wrote it: "20160608155948-blacklist_the_beatles.js"
    std::int64_t applied_ms = 0;
};

struct ForeignLog {
    std::string tool;
    std::string collection;
    std::vector<ForeignChange> changes;    // applied ones, in the order they were
    std::vector<std::string> not_applied;  // failed or rolled back there
};

// The tools whose history can be read.
[[nodiscard]] std::vector<std::string_view> changelog_tools();

// `collection`: empty for the tool's default.
//   errors  UsageError for an unknown tool; NamespaceNotFound if the collection is not there
[[nodiscard]] Result<ForeignLog> read_changelog(const Deployment& deployment,
                                                std::string_view tool,
                                                const std::string& collection);

// "20160608155948-Blacklist The Beatles.js" → "blacklist_the_beatles"
[[nodiscard]] std::string name_of_change(std::string_view text);

// The changes as versions 1, 2, 3 …; a file of the project with such a number has to have the
// change's name.
//   errors  RefusedForSafety naming the file and the change that do not fit
[[nodiscard]] Result<std::vector<BaselineEntry>> as_baseline(
    const ForeignLog& log, const std::vector<project::MigrationFile>& files);

}  // namespace plumb::migrate
