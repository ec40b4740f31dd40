// SPDX-License-Identifier: GPL-3.0-or-later
// Where a data operation keeps old values before it changes them, and how they come back.
//
// Format   a collection `_plumb_backup_…` in one of two forms (docs/formats/ledger.md):
//          fields   {_id: number, collection, entries: [{_id, old: [{f, v}], absent: [f], order:
//                   [{p, n: [name]}]}]}, one document a batch: the old values of the changed
//                   fields, those that were not there, and, where the order of fields changes,
//                   their names
//          copies   the documents themselves
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "bson/value.h"
#include "tool/migrate/deployment/deployment.h"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace plumb::migrate {

// The names of a document's fields in their order, or of those of a sub-document.
struct FieldOrder {
    std::string path;  // dotted; empty: the document itself
    std::vector<std::string> names;
};

// What one document was before it was changed.
struct JournalEntry {
    bson::Value id;
    std::vector<std::pair<std::string, bson::Value>> old;
    std::vector<std::string> absent;
    std::vector<FieldOrder> order;
};

// Puts into `entry` what `path` (dotted) is in the document: its value, or the shortest part of the
// path that is not there.
void remember_field(JournalEntry& entry, bson::View document, std::string_view path);
// Keeps the order of the document's fields, and of every sub-document on the way to one of `paths`.
void remember_order(JournalEntry& entry,
                    bson::View document,
                    const std::vector<std::string>& paths);

class Journal {
  public:
    // `fence` makes this run's numbers larger than those of earlier ones.
    Journal(const Deployment& deployment, std::string collection, std::int64_t fence)
        : deployment_(deployment), collection_(std::move(collection)), number_(fence << 32) {}

    // Stores the entries of one batch of the collection `of`. Never replaces what an earlier try of
    // that batch stored.
    [[nodiscard]] Status add(const std::string& of, const std::vector<JournalEntry>& entries);

    // The newest stored batch.
    struct Stored {
        bson::Value number;  // Missing: there are no more
        std::string collection;
        std::vector<JournalEntry> entries;
    };
    [[nodiscard]] Result<Stored> newest() const;
    // Forgets a batch that was put back.
    [[nodiscard]] Status forget(const bson::Value& number) const;

  private:
    const Deployment& deployment_;
    std::string collection_;
    std::int64_t number_;
};

// The elements of `updates` that put the entries back: old values set, absent ones unset.
[[nodiscard]] std::vector<bson::Document> restore_statements(
    const std::vector<JournalEntry>& entries);
// The elements of `updates` that bring the fields back into their old order.
[[nodiscard]] std::vector<bson::Document> order_statements(
    const std::vector<JournalEntry>& entries);

enum class CopyMode : std::uint8_t {
    Overwrite,    // a document that is there already is replaced; the others are inserted
    KeepTarget,   // a document that is there already stays; the others are inserted
    ReplaceOnly,  // documents that are there are replaced; the others are not made
};

// Copies the documents with these ids, inside the server where it can.
[[nodiscard]] Status copy_documents(const Deployment& deployment,
                                    const std::string& from,
                                    const std::string& to,
                                    const std::vector<bson::Value>& ids,
                                    CopyMode mode);

// {_id: {$in: ids}} with the fields of `more`.
[[nodiscard]] bson::Document among_ids(const std::vector<bson::Value>& ids, bson::View more = {});
// {update: collection, updates: statements}, unordered failures stop it.
[[nodiscard]] bson::Document update_command(const std::string& collection,
                                            const std::vector<bson::Document>& statements,
                                            bool bypass_validation);
// {q, u, multi} as one element of `updates`.
[[nodiscard]] bson::Document update_statement(bson::View q, bson::ValueView u, bool multi);

[[nodiscard]] Status drop_collection(const Deployment& deployment, const std::string& name);

}  // namespace plumb::migrate
