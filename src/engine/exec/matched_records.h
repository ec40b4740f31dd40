// SPDX-License-Identifier: GPL-3.0-or-later
// Writes over the records that a query matches: of the first one, or of all of them. For all, the
// records are collected before the first is written, so that none is met twice.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "engine/exec/prepared_query.h"
#include "engine/exec/write_target.h"

#include <functional>
#include <optional>
#include <string>

namespace plumb::exec {

// A record that matches, as the transaction sees it.
struct Matched {
    storage::RecordId id;
    bson::View document;
    std::optional<std::uint32_t> position;  // for the positional operator
};

struct MatchedWork {
    const PreparedQuery& query;
    plan::QueryRequest request;  // of `query`
    bool wants_position = false;
};

// Writes one record; its effects outside of the transaction must be undone by the caller when a
// conflict makes the write begin again.
using WriteRecord =
    std::function<Status(storage::Transaction&, const storage::Collection&, const Matched&)>;

// The first match of `work` in this transaction goes to `write`; false if there is none.
[[nodiscard]] Result<bool> write_first(Operation& operation,
                                       storage::Transaction& transaction,
                                       const storage::Collection& collection,
                                       const MatchedWork& work,
                                       const WriteRecord& write);

// Every match goes to `write` once, in transactions of some records each. `committed` is called
// after each transaction that got through, `restarted` before each attempt of one. An error of
// `write` that is not a conflict ends the work; what was written before it stays.
struct ManyWrites {
    WriteRecord write;
    std::function<void()> restarted;
    std::function<void()> committed;
};
[[nodiscard]] Status write_all(Operation& operation,
                               const MatchedWork& work,
                               const ManyWrites& writes);

}  // namespace plumb::exec
