// SPDX-License-Identifier: GPL-3.0-or-later
// Inserts, updates, deletes and findAndModify of single statements, each atomic for its document,
// run again from the start on a write conflict.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "engine/exec/find.h"
#include "engine/exec/operation.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace plumb::exec {

// Inserts `documents` as one transaction where possible. An absent _id is generated and put first.
// On failure of one, `inserted` tells how many before it are in, and the error is that one's.
//   errors  DuplicateKey, BadValue (2) for a bad _id, DocumentValidationFailure (121), …
struct InsertRequest {
    std::string ns;
    std::vector<bson::View> documents;
    bool bypass_validation = false;
};
struct InsertOutcome {
    std::int64_t inserted = 0;
    std::optional<Error> error;  // of document number `inserted`
};
// Creates the collection if it is not there. The Result fails only where no document could be
// tried.
[[nodiscard]] Result<InsertOutcome> insert_documents(Operation& operation,
                                                     const InsertRequest& request);

struct UpdateRequest {
    std::string ns;
    bson::Document filter;
    bson::Value update;  // document or array
    std::vector<bson::Document> array_filters;
    bson::Value hint;
    bool multi = false;
    bool upsert = false;
    bool bypass_validation = false;
};
struct UpdateOutcomeCounts {
    std::int64_t matched = 0;
    std::int64_t modified = 0;
    std::optional<bson::Value> upserted_id;
};
[[nodiscard]] Result<UpdateOutcomeCounts> update_documents(Operation& operation,
                                                           const UpdateRequest& request);

struct DeleteRequest {
    std::string ns;
    bson::Document filter;
    bson::Value hint;
    bool only_one = false;
};
[[nodiscard]] Result<std::int64_t> delete_documents(Operation& operation,
                                                    const DeleteRequest& request);

struct FindAndModifyRequest {
    std::string ns;
    bson::Document filter;
    bson::Document sort;
    bson::Document projection;
    bson::Value update;  // Missing with remove
    std::vector<bson::Document> array_filters;
    bson::Value hint;
    bool remove = false;
    bool upsert = false;
    bool return_new = false;
    bool bypass_validation = false;
};
struct FindAndModifyOutcome {
    std::optional<bson::Document> value;  // projected, before or after
    bool updated_existing = false;
    std::int64_t count = 0;
    std::optional<bson::Value> upserted_id;
};
[[nodiscard]] Result<FindAndModifyOutcome> find_and_modify(Operation& operation,
                                                           const FindAndModifyRequest& request);

[[nodiscard]] Result<bson::Document> explain_update(Operation& operation,
                                                    const UpdateRequest& request,
                                                    Verbosity verbosity);
[[nodiscard]] Result<bson::Document> explain_delete(Operation& operation,
                                                    const DeleteRequest& request,
                                                    Verbosity verbosity);

}  // namespace plumb::exec
