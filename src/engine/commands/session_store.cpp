// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/session_store.h"

#include "engine/commands/session_id.h"
#include "engine/storage/cursors.h"

#include <algorithm>
#include <utility>

namespace plumb::commands {

namespace {

constexpr std::chrono::minutes kKeptFor{kSessionMinutes};
// Sessions whose documents are removed in one transaction.
constexpr std::size_t kSweepTogether = 500;

Result<storage::Collection> open_sessions(storage::Engine& engine) {
    std::optional<storage::Collection> found = engine.collection(kSessionsNamespace);
    if (!found) {
        return fail(ErrorCode::WriteConflict, "config.transactions was dropped; run it again");
    }
    return std::move(*found);
}

// Whether a document is this session's: a record id may be another's after somebody has dropped
// the collection.
bool belongs_to(bson::View document, std::string_view session) {
    const auto stored = read_stored(document);
    return stored && stored->session == session;
}

Status remove_documents(storage::Transaction& transaction,
                        const storage::Collection& collection,
                        std::string_view session,
                        const std::vector<storage::RecordId>& ids) {
    std::string bytes;
    for (const storage::RecordId id : ids) {
        PLUMB_TRY(found, collection.read(transaction, id, bytes));
        const bson::View document{std::string_view{bytes}};
        if (found && belongs_to(document, session)) {
            PLUMB_CHECK(collection.remove(transaction, id, document));
        }
    }
    return {};
}

// Adds a document to the record of its session.
void put(SessionRecord& record, StoredDocument stored, storage::RecordId id) {
    if (stored.txn_number > record.txn_number) {
        record.start(stored.txn_number);
    }
    if (!stored.is_page) {
        record.head = id;
        record.committed = stored.committed;
    } else if (stored.txn_number < record.txn_number) {
        record.stale_pages.push_back(id);
        return;
    } else {
        record.pages.push_back(id);
    }
    for (DoneStatements& row : stored.statements) {
        if (!stored.is_page) {
            record.on_head.push_back(row.first);
        }
        record.done.insert_or_assign(row.first, std::move(row));
    }
}

}  // namespace

Status SessionStore::load() {
    const std::optional<storage::Collection> collection = engine_.collection(kSessionsNamespace);
    if (!collection) {
        return {};
    }
    PLUMB_TRY(transaction, engine_.begin(storage::Access::Read));
    PLUMB_TRY(cursor,
              storage::RecordCursor::open(
                  *transaction, collection->state(), storage::Direction::Forward));
    while (true) {
        PLUMB_TRY(record, cursor->next());
        if (!record) {
            break;
        }
        auto stored = read_stored(record->document);
        if (!stored) {
            continue;
        }
        Resting& into = resting_[stored->session];
        if (!stored->is_page) {
            into.is_over = clock_.now() - stored->last_write > kKeptFor;
        }
        put(into.record, std::move(*stored), record->id);
    }
    for (auto& [session, resting] : resting_) {
        // Pages without a head are of sessions that ended.
        resting.is_over = resting.is_over || !resting.record.head;
    }
    return {};
}

Result<SessionRecord> SessionStore::take(std::string_view session) {
    const std::lock_guard lock{mutex_};
    if (!loaded_at_) {
        PLUMB_CHECK(load().context("reading config.transactions"));
        loaded_at_ = clock_.monotonic();
    }
    const auto found = resting_.find(std::string{session});
    if (found == resting_.end()) {
        return SessionRecord{};
    }
    SessionRecord record = std::move(found->second.record);
    resting_.erase(found);
    return record;
}

Status SessionStore::ensure_collection() {
    if (engine_.collection(kSessionsNamespace)) {
        return {};
    }
    const auto made = engine_.create_collection(kSessionsNamespace, bson::View{});
    if (!made.ok() && made.error().code() != ErrorCode::NamespaceExists) {
        return made.error();
    }
    return {};
}

Result<SessionStore::Written> SessionStore::write(storage::Transaction& transaction,
                                                  std::string_view session,
                                                  const SessionRecord& record,
                                                  const DoneStatements* more) {
    PLUMB_TRY(collection, open_sessions(engine_));
    Written out;
    SessionRecord emptied;
    const SessionRecord* shown = &record;
    if (is_head_full(record)) {
        PLUMB_TRY(page, collection.insert(transaction, page_document(session, record)));
        out.page = page;
        emptied.txn_number = record.txn_number;
        shown = &emptied;
    }
    PLUMB_CHECK(remove_documents(transaction, collection, session, record.stale_pages));
    const bson::Document head = head_document(session, *shown, more, clock_.now());
    std::string before;
    if (record.head) {
        PLUMB_TRY(found, collection.read(transaction, *record.head, before));
        const bson::View document{std::string_view{before}};
        if (found && belongs_to(document, session)) {
            PLUMB_CHECK(collection.update(transaction, *record.head, document, head));
            return out;
        }
    }
    PLUMB_TRY(id, collection.insert(transaction, head));
    out.head = id;
    return out;
}

void SessionStore::apply(const Written& written,
                         const DoneStatements* more,
                         SessionRecord& record) {
    if (written.head) {
        record.head = written.head;
    }
    if (written.page) {
        record.pages.push_back(*written.page);
        record.on_head.clear();
    }
    record.stale_pages.clear();
    if (more != nullptr) {
        record.add(*more);
    }
}

void SessionStore::forget(std::string_view session, SessionRecord record) {
    if (!record.head && record.pages.empty() && record.stale_pages.empty()) {
        return;
    }
    const std::lock_guard lock{mutex_};
    resting_.insert_or_assign(std::string{session}, Resting{std::move(record), true});
}

Status SessionStore::remove_all(const std::vector<Records::const_iterator>& over) {
    Interrupt interrupt{clock_};
    return engine_.run_write(
        storage::Durability::Lazy, interrupt, [&](storage::Transaction& transaction) -> Status {
            const auto collection = engine_.collection(kSessionsNamespace);
            if (!collection) {
                return {};
            }
            for (const auto& each : over) {
                const SessionRecord& record = each->second.record;
                std::vector<storage::RecordId> ids = record.pages;
                ids.insert(ids.end(), record.stale_pages.begin(), record.stale_pages.end());
                if (record.head) {
                    ids.push_back(*record.head);
                }
                PLUMB_CHECK(remove_documents(transaction, *collection, each->first, ids));
            }
            return {};
        });
}

// False once nothing is left to do, or can be done now.
bool SessionStore::sweep_some() {
    const std::lock_guard lock{mutex_};
    // Sessions of the last run that never came back.
    const bool all_are_over = loaded_at_ && clock_.monotonic() - *loaded_at_ > kKeptFor;
    std::vector<Records::const_iterator> over;
    for (auto at = resting_.cbegin(); at != resting_.cend() && over.size() < kSweepTogether; ++at) {
        if (all_are_over || at->second.is_over) {
            over.push_back(at);
        }
    }
    if (over.empty() || !remove_all(over).ok()) {
        return false;
    }
    for (const auto& each : over) {
        resting_.erase(each);
    }
    return true;
}

void SessionStore::sweep() {
    while (sweep_some()) {
    }
}

}  // namespace plumb::commands
