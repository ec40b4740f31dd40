// SPDX-License-Identifier: GPL-3.0-or-later
// What the ledger knows about one migration.
//
// Format   one document a version in `_plumb_migrations`, docs/formats/ledger.md:
//          {_id: version, name, title, checksum, state, definition, operations: [...], run, host,
//          process_id, tool, started_at, finished_at, ms, fence, events: [...]}. Events are only
//          ever appended.
// Threads  value types, pure functions.
#pragma once

#include "base/result.h"
#include "bson/builder.h"
#include "bson/document.h"
#include "project/index_definition.h"
#include "project/migration_file.h"

#include <cstdint>
#include <string>
#include <vector>

namespace plumb::migrate {

enum class State : std::uint8_t { Applying, Applied, RollingBack, RolledBack, Failed };
enum class OperationState : std::uint8_t { Pending, Applying, Done, RolledBack };

[[nodiscard]] std::string_view state_name(State state);

// An index that an operation needs while it works and drops at its end.
struct HelperIndex {
    std::string collection;
    project::IndexDefinition index;
};

// Of documents that were left, so many are named in the ledger.
inline constexpr std::size_t kLeftKept = 1000;

struct OperationRecord {
    std::string kind;
    std::string collection;
    OperationState state = OperationState::Pending;
    // Written before the command: the indexes it will create (or drop). Those among them that are
    // there afterwards are this migration's own work, whatever happened in between.
    std::vector<project::IndexDefinition> intended;
    // What it created and would drop on the way back (or dropped and would create again).
    std::vector<project::IndexDefinition> owned;
    std::vector<project::IndexDefinition> replaced;  // create_indexes: what was in the way
    std::vector<HelperIndex> helpers;                // to be dropped, wherever the run ended
    // What the way back needs to know, as the kind wrote it before it began; empty if the operation
    // found nothing to do, and then there is no way back to go.
    bson::Document before;
    // Data operations: where old values are, and how far the batches are. What came before
    // `position` is done and is never done again.
    std::string backup;
    bool pruned = false;  // the backup was given up
    std::int32_t pass = 0;
    bson::Value position;  // the last _id of the last finished batch; Missing: none
    std::int64_t documents = 0;
    std::int64_t batches = 0;
    // Documents that could not be decided and were left, and the _id of the first kLeftKept.
    std::int64_t left = 0;
    std::vector<bson::Value> left_ids;
    std::int64_t ms = 0;

    // True if there is nothing to take back.
    [[nodiscard]] bool untouched() const {
        return owned.empty() && intended.empty() && replaced.empty() && helpers.empty() &&
               before.empty() && backup.empty();
    }
};

struct Record {
    int version = 0;
    std::string name;
    std::string title;
    std::string checksum;
    State state = State::Applying;
    bson::Document definition;  // MigrationFile::canonical() of what was applied
    std::vector<OperationRecord> operations;
    std::int64_t fence = 0;
    std::int64_t started_ms = 0;   // since the epoch
    std::int64_t finished_ms = 0;  // 0 while it runs
    std::string host;
    std::string tool;
    std::vector<bson::Document> events;  // read only: as the ledger has them
};

// A record of a migration that is about to be applied, nothing done yet.
[[nodiscard]] Record new_record(const project::MigrationFile& file);

// errors  InvalidBson naming the field that is not as this version writes it
[[nodiscard]] Result<Record> read_record(bson::View document);

// The fields of a record for `$set`, without _id and events.
[[nodiscard]] bson::Document record_fields(const Record& record);

// The array of this name with the ids of the documents that were left.
void append_left_ids(bson::Builder& out, std::string_view name, const OperationRecord& operation);

// What was applied against what the file says now, line by line for people; empty if the same.
[[nodiscard]] std::vector<std::string> definition_changes(bson::View applied, bson::View file);

}  // namespace plumb::migrate
