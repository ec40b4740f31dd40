// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/hash.h"
#include "bson/validate.h"
#include "engine/storage/collection_validator_internal.h"
#include "engine/storage/multikey_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace plumb::storage {

void CollectionValidator::Sum::add(std::string_view key, RecordId id, std::string_view type_bits) {
    const std::uint64_t of_key = bson::hash_bytes(key, static_cast<std::uint64_t>(id.number()));
    hashes += bson::hash_bytes(type_bits, of_key);
    ++count;
}

void CollectionValidator::complain(std::string line) {
    if (!is_full()) {
        problems_.push_back(std::move(line));
    }
}

Result<std::vector<std::string>> CollectionValidator::run() {
    wanted_.assign(view_.indexes.size(), {});
    PLUMB_CHECK(sum_records());
    for (std::size_t index = 0; index < view_.indexes.size(); ++index) {
        const IndexState& state = *view_.indexes[index].state;
        PLUMB_TRY(present, sum_entries(state));
        if (present == wanted_[index]) {
            continue;
        }
        complain(fmt::format("index {}: {} entries, {} expected from the documents",
                             state.spec.name,
                             present.count,
                             wanted_[index].count));
        PLUMB_CHECK(find_missing(index));
        PLUMB_CHECK(find_extra(index));
    }
    return std::move(problems_);
}

Status CollectionValidator::sum_records() {
    PLUMB_TRY(records, RecordCursor::open(transaction_, *view_.state, Direction::Forward));
    for (;;) {
        PLUMB_CHECK(interrupt_.check());
        PLUMB_TRY(record, records->next());
        if (!record.has_value()) {
            return {};
        }
        const Result<bson::View> valid = bson::validate(record->document.raw());
        if (!valid.ok()) {
            complain(fmt::format("record {}: {}", record->id.number(), valid.error().message()));
            continue;
        }
        sum_document(*record);
    }
}

void CollectionValidator::sum_document(const Record& record) {
    for (std::size_t index = 0; index < view_.indexes.size(); ++index) {
        const IndexMaker& maker = view_.indexes[index];
        if (const Status made = maker.make(record.document, keys_); !made.ok()) {
            complain(fmt::format("record {} cannot be in index {}: {}",
                                 record.id.number(),
                                 maker.state->spec.name,
                                 made.error().message()));
            continue;
        }
        if (!covers_multikey(*maker.state, keys_)) {
            complain(fmt::format("record {} has arrays that index {} does not know of",
                                 record.id.number(),
                                 maker.state->spec.name));
        }
        for (const bson::MadeKey& key : keys_.keys) {
            wanted_[index].add(key.bytes, record.id, key.type_bits);
        }
    }
}

Result<CollectionValidator::Sum> CollectionValidator::sum_entries(const IndexState& index) {
    Sum sum;
    PLUMB_TRY(entries, IndexCursor::open(transaction_, index, Direction::Forward));
    for (;;) {
        PLUMB_CHECK(interrupt_.check());
        PLUMB_TRY(entry, entries->next());
        if (!entry.has_value()) {
            return sum;
        }
        sum.add(entry->key, entry->id, entry->type_bits);
    }
}

// Keys of documents that the index lacks.
Status CollectionValidator::find_missing(std::size_t index) {
    const IndexMaker& maker = view_.indexes[index];
    PLUMB_TRY(records, RecordCursor::open(transaction_, *view_.state, Direction::Forward));
    PLUMB_TRY(entries, IndexCursor::open(transaction_, *maker.state, Direction::Forward));
    while (!is_full()) {
        PLUMB_CHECK(interrupt_.check());
        PLUMB_TRY(record, records->next());
        if (!record.has_value()) {
            return {};
        }
        if (!bson::validate(record->document.raw()).ok() ||
            !maker.make(record->document, keys_).ok()) {
            continue;
        }
        for (const bson::MadeKey& key : keys_.keys) {
            bool found = false;
            PLUMB_TRY(first, entries->seek(key.bytes));
            std::optional<IndexEntry> entry = first;
            while (entry.has_value() && entry->key == key.bytes && !found) {
                found = entry->id == record->id && entry->type_bits == key.type_bits;
                PLUMB_TRY(following, entries->next());
                entry = following;
            }
            if (!found) {
                complain(fmt::format("record {} has no entry in index {}",
                                     record->id.number(),
                                     maker.state->spec.name));
            }
        }
    }
    return {};
}

// Entries that no document asks for.
Status CollectionValidator::find_extra(std::size_t index) {
    const IndexState& state = *view_.indexes[index].state;
    PLUMB_TRY(records, RecordCursor::open(transaction_, *view_.state, Direction::Forward));
    PLUMB_TRY(entries, IndexCursor::open(transaction_, state, Direction::Forward));
    while (!is_full()) {
        PLUMB_CHECK(interrupt_.check());
        PLUMB_TRY(entry, entries->next());
        if (!entry.has_value()) {
            return {};
        }
        PLUMB_TRY(wanted, is_wanted(index, *entry, *records));
        if (!wanted) {
            complain(
                fmt::format("index {} has an entry for record {} that its document does not ask "
                            "for",
                            state.spec.name,
                            entry->id.number()));
        }
    }
    return {};
}

Result<bool> CollectionValidator::is_wanted(std::size_t index,
                                            const IndexEntry& entry,
                                            RecordCursor& records) {
    PLUMB_TRY(record, records.seek(entry.id));
    if (!record.has_value() || !bson::validate(record->document.raw()).ok() ||
        !view_.indexes[index].make(record->document, keys_).ok()) {
        return false;
    }
    return std::any_of(keys_.keys.begin(), keys_.keys.end(), [&](const bson::MadeKey& key) {
        return key.bytes == entry.key && key.type_bits == entry.type_bits;
    });
}

}  // namespace plumb::storage
