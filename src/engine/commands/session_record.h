// SPDX-License-Identifier: GPL-3.0-or-later
// What is remembered of a logical session across a crash: its newest transaction number, and either
// that this transaction was committed, or what the statements of that retryable write did.
//
// Format   documents of config.transactions: a head {_id: {id}, txnNum, lastWriteDate, state,
//          statements}, and, for writes of many statements, full pages
//          {_id: {id, txnNum, page}, statements}. A statement is {s: first, c: count, o: outcome};
//          inserts have no outcome, and neighbours of them become one row.
// Threads  a value type.
#pragma once

#include "base/result.h"
#include "bson/builder.h"
#include "bson/document.h"
#include "engine/storage/ids.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::commands {

// Statements that were done, numbered from `first`.
struct DoneStatements {
    std::int32_t first = 0;
    std::int32_t count = 1;
    bson::Document outcome;  // what the reply said; empty for inserts
};

struct SessionRecord {
    std::int64_t txn_number = -1;
    bool committed = false;                       // a transaction, and it was committed
    std::map<std::int32_t, DoneStatements> done;  // by `first`
    std::vector<std::int32_t> on_head;            // those that stand in the head document

    std::optional<storage::RecordId> head;
    std::vector<storage::RecordId> pages;
    std::vector<storage::RecordId> stale_pages;  // of earlier transaction numbers, to be removed

    // Begins anew for a higher transaction number.
    void start(std::int64_t number);
    // The row of a statement; null if it was not done.
    [[nodiscard]] const DoneStatements* find(std::int32_t statement) const;
    // Notes statements as done, on the head document.
    void add(DoneStatements statements);
};

// The head with the rows `on_head` of the record, and `more` if given.
[[nodiscard]] bson::Document head_document(std::string_view session,
                                           const SessionRecord& record,
                                           const DoneStatements* more,
                                           std::chrono::milliseconds now);
// A full page: the rows `on_head`.
[[nodiscard]] bson::Document page_document(std::string_view session, const SessionRecord& record);

// A document of the collection as it is read back. nothing: it is none of ours
struct StoredDocument {
    std::string session;
    std::int64_t txn_number = 0;
    bool is_page = false;
    bool committed = false;
    std::chrono::milliseconds last_write{0};
    std::vector<DoneStatements> statements;
};
[[nodiscard]] std::optional<StoredDocument> read_stored(bson::View document);

// True where the head is full and becomes a page.
[[nodiscard]] bool is_head_full(const SessionRecord& record);

}  // namespace plumb::commands
