// SPDX-License-Identifier: GPL-3.0-or-later
// The fields that any command may have beside its own: $db, lsid, readConcern, writeConcern,
// maxTimeMS and so on. What has no meaning on one process is accepted and does nothing.
//
// Threads  pure functions.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "bson/value.h"
#include "engine/storage/transaction.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace plumb::commands {

struct GenericFields {
    std::string_view database;                                   // $db; in the command's bytes
    storage::Durability durability = storage::Durability::Lazy;  // of writeConcern
    std::optional<std::chrono::milliseconds> max_time;           // maxTimeMS; nothing: no limit
    bson::View session;                      // lsid, in the command's bytes; empty: none
    std::optional<std::int64_t> txn_number;  // of a retryable write or a transaction
    bool in_transaction = false;             // autocommit: false was given
    bool starts_transaction = false;
    std::string_view read_concern;  // the level; empty: not given
    bool has_read_concern = false;
    bool has_write_concern = false;
    std::optional<std::int32_t> statement;              // stmtId of the first statement
    std::optional<bson::Timestamp> after_cluster_time;  // of readConcern
    // What a replica set of one member cannot do of writeConcern; the command runs, and its reply
    // says so in writeConcernError.
    std::optional<Error> unsatisfied;
};

// What the server shows itself as; some fields are refused by a standalone server.
enum class Face : std::uint8_t { Standalone, ReplicaSet };

// errors  40571 without $db; InvalidOptions (72) for fields that do not go together; of a
// standalone
//         server IllegalOperation (20) for a transaction, BadValue (2) for w > 1 …
[[nodiscard]] Result<GenericFields> parse_generic_fields(bson::View command,
                                                         Face face = Face::Standalone);

[[nodiscard]] bool is_generic_field(std::string_view name);

}  // namespace plumb::commands
