// SPDX-License-Identifier: GPL-3.0-or-later
// Writing what an update made of a document: what update, findAndModify and $merge share.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "engine/exec/matched_records.h"
#include "engine/exec/operation.h"
#include "engine/exec/validator.h"
#include "engine/query/update.h"

#include <optional>

namespace plumb::exec {

// Applies `update` to a record and writes it if it changed. `after`, if given, gets the document as
// it is then.
struct UpdateTask {
    const query::Update& update;
    bool bypass_validation = false;
};
[[nodiscard]] Result<bool> apply_update(Operation& operation,
                                        storage::Transaction& transaction,
                                        const storage::Collection& collection,
                                        const UpdateTask& task,
                                        const Matched& matched,
                                        bson::Document* after = nullptr);

// Inserts the document that an upsert makes, and gives it.
//   errors  DuplicateKey if a match appeared meanwhile: run the whole upsert again
[[nodiscard]] Result<bson::Document> insert_upserted(Operation& operation,
                                                     storage::Transaction& transaction,
                                                     const storage::Collection& collection,
                                                     const UpdateTask& task,
                                                     const query::MatchNode& filter);

// How often an upsert that meets a key which another one has just inserted looks again.
inline constexpr int kUpsertAttemptsMax = 10;

}  // namespace plumb::exec
