// SPDX-License-Identifier: GPL-3.0-or-later
// Operations that change documents: batch after batch by _id, old values kept before each change,
// the place saved in the ledger after it.
//
// A batch can be repeated: what it did already no longer fits the pass's filter, and old values
// that an earlier try kept stay. So a run may die anywhere and the next one goes on.
//
//   Pass pass;
//   pass.collection = "orders";
//   pass.filter = …;                     // documents that still need the change
//   pass.plan = [](const auto& documents) -> Result<Change> { … };
//   return run_data(run, {before, {pass}, "added subscription_id to"});
//
// Memory   one batch.
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "bson/value.h"
#include "tool/migrate/data/journal.h"
#include "tool/migrate/data/step.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace plumb::migrate {

inline constexpr int kBatchDocuments = 1000;
// Of documents that could not be decided, so many are named.
inline constexpr std::size_t kLeftListed = 20;

// What is to be done with one batch.
struct Change {
    std::vector<JournalEntry> journal;  // kept as fields …
    std::vector<bson::Value> copies;    // … or these documents whole
    bson::Document command;             // an update or delete of these documents only; empty: none
    bson::Document afterwards;          // sent when the batch counts as done; may be lost
    std::vector<bson::Value> left;      // could not be decided
};

struct Pass {
    std::string collection;
    bson::Document filter;      // those that still need the change
    bson::Document projection;  // what `plan` reads of them; empty: all
    std::function<Result<Change>(const std::vector<bson::Document>&)> plan;
};

struct DataOperation {
    DataOperation(bson::Document before_change, std::vector<Pass> all, std::string what_was_done)
        : before(std::move(before_change)),
          passes(std::move(all)),
          done(std::move(what_was_done)) {}

    bson::Document before;  // what the way back needs besides the backup; not empty
    std::vector<Pass> passes;
    std::string done;                    // "added subscription_id to": "… 20,000 documents"
    std::function<Status()> at_the_end;  // after the last batch, before it counts as done
    std::vector<HelperIndex> helpers;    // built first, dropped at the end
};

// Runs all passes from where the ledger says the last run stopped.
//   errors  Interrupted …: the operation can be gone on with, or taken back
[[nodiscard]] Status run_data(OperationRun& run, const DataOperation& operation);

// Puts back what the backup holds and drops it. `back`: the statements for one stored batch.
using BackStatements = std::vector<bson::Document> (*)(const OperationRecord& entry,
                                                       const std::vector<JournalEntry>& entries);
[[nodiscard]] Status revert_data(OperationRun& run, BackStatements back);
// restore_statements() as BackStatements.
[[nodiscard]] std::vector<bson::Document> back_as_it_was(const OperationRecord& entry,
                                                         const std::vector<JournalEntry>& entries);

// The same for backups that are copies of documents.
[[nodiscard]] Status revert_copies(OperationRun& run, CopyMode mode);

// What a handler of a data operation answers where it has nothing special to say.
[[nodiscard]] Status claim_data(const Deployment& deployment, OperationRecord& entry);
[[nodiscard]] Status preview_data(const Deployment& deployment,
                                  const std::string& collection,
                                  bson::View filter,
                                  const bson::Document& command,
                                  Outcome& outcome);
// The same of one update of all documents that match.
[[nodiscard]] Status preview_update(const Deployment& deployment,
                                    const std::string& collection,
                                    bson::View filter,
                                    bson::ValueView update,
                                    Outcome& outcome);
[[nodiscard]] Status preview_revert_data(const Deployment& deployment,
                                         const OperationRecord& entry,
                                         Outcome& outcome);

// Fails if the backup of the operation was given up, Ok otherwise. errors: RefusedForSafety
[[nodiscard]] Status refuse_pruned(const OperationRecord& entry);

// The filters in one: {$and: [a, b]}, or the one that is not empty.
[[nodiscard]] bson::Document both(bson::View a, bson::View b);

// {update: collection, updates: [{q: {_id: {$in: ids of documents}, …filter}, u, multi: true}]}
[[nodiscard]] bson::Document update_batch(const std::string& collection,
                                          const std::vector<bson::Document>& documents,
                                          bson::View filter,
                                          bson::ValueView u);
[[nodiscard]] std::vector<bson::Value> ids_of(const std::vector<bson::Document>& documents);

}  // namespace plumb::migrate
