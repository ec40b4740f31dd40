// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/session_id.h"
#include "engine/commands/session_registry.h"

#include <fmt/format.h>

#include <utility>

namespace plumb::commands {

namespace {

constexpr ErrorCode kNumberWasUsed{50911};

Error too_old(const LogicalSession& session, std::int64_t number) {
    return fail(ErrorCode::TransactionTooOld,
                fmt::format("Cannot start transaction {} on session {} because a newer transaction "
                            "{} has already started.",
                            number,
                            session_id_text(session.id),
                            session.txn_number));
}

}  // namespace

SessionUse::~SessionUse() {
    if (session_.must_abort || session_.must_end) {
        abort();
        session_.must_abort = false;
    }
    registry_.check_in(session_);
}

// What the last run of the server knew of this session, the first time that it matters.
Status SessionUse::load() {
    if (session_.is_loaded) {
        return {};
    }
    PLUMB_TRY(record, registry_.store_.take(session_.id));
    session_.is_loaded = true;
    session_.record = std::move(record);
    session_.txn_number = session_.record.txn_number;
    if (session_.txn_number >= 0) {
        session_.state = session_.record.committed ? TransactionState::Committed
                                                   : TransactionState::RetryableWrite;
    }
    return {};
}

Status SessionUse::start_transaction(std::int64_t number) {
    PLUMB_CHECK(load());
    if (number < session_.txn_number) {
        return too_old(session_, number);
    }
    if (number == session_.txn_number) {
        return fail(kNumberWasUsed,
                    fmt::format("Cannot start a transaction at given transaction number {}: the "
                                "session has used it already",
                                number));
    }
    abort();
    PLUMB_TRY(transaction, registry_.engine_.begin(storage::Access::Write));
    session_.txn_number = number;
    session_.has_written = false;
    session_.transaction = std::move(transaction);
    session_.begun = registry_.clock_.monotonic();
    session_.state = TransactionState::InProgress;
    ++registry_.started_;
    return {};
}

Status SessionUse::continue_transaction(std::int64_t number, bool is_commit) {
    PLUMB_CHECK(load());
    if (number < session_.txn_number) {
        return too_old(session_, number);
    }
    if (number > session_.txn_number || session_.state == TransactionState::None ||
        session_.state == TransactionState::RetryableWrite) {
        return fail(ErrorCode::NoSuchTransaction,
                    fmt::format("Given transaction number {} does not match any in-progress "
                                "transactions. The active transaction number is {}",
                                number,
                                session_.txn_number));
    }
    if (session_.state == TransactionState::Aborted) {
        return fail(ErrorCode::NoSuchTransaction,
                    fmt::format("Transaction {} has been aborted.", number));
    }
    if (session_.state == TransactionState::Committed && !is_commit) {
        return fail(ErrorCode::TransactionCommitted,
                    fmt::format("Transaction {} has been committed.", number));
    }
    return {};
}

Status SessionUse::enter_retryable(std::int64_t number) {
    PLUMB_CHECK(load());
    if (number < session_.txn_number) {
        return too_old(session_, number);
    }
    if (number == session_.txn_number) {
        return session_.state == TransactionState::RetryableWrite
                   ? Status{}
                   : fail(ErrorCode::InvalidOptions,
                          "Must specify autocommit=false on all operations of a multi-statement "
                          "transaction.");
    }
    abort();
    session_.txn_number = number;
    session_.state = TransactionState::RetryableWrite;
    session_.record.start(number);
    return {};
}

Status SessionUse::commit(storage::Durability durability) {
    if (session_.state == TransactionState::Committed) {
        // The first commit may still be on its way to the disk.
        return durability == storage::Durability::Journaled ? registry_.engine_.sync_journal()
                                                            : Status{};
    }
    SessionRecord record;
    SessionStore::Written written;
    const auto write_and_commit = [&]() -> Status {
        if (session_.has_written) {
            PLUMB_CHECK(registry_.store_.ensure_collection());
            record = session_.record;
            record.start(session_.txn_number);
            record.committed = true;
            PLUMB_TRY(places,
                      registry_.store_.write(*session_.transaction, session_.id, record, nullptr));
            written = places;
        }
        return session_.transaction->commit(durability);
    };
    if (Status done = write_and_commit(); !done.ok()) {
        abort();
        return done;
    }
    session_.transaction.reset();
    session_.state = TransactionState::Committed;
    if (session_.has_written) {
        SessionStore::apply(written, nullptr, record);
        session_.record = std::move(record);
        ++registry_.record_writes_;
    }
    ++registry_.committed_;
    registry_.close_cursors_(session_.id, session_.txn_number);
    return {};
}

void SessionUse::abort() {
    if (session_.state != TransactionState::InProgress) {
        return;
    }
    session_.transaction.reset();
    session_.state = TransactionState::Aborted;
    ++registry_.aborted_;
    registry_.close_cursors_(session_.id, session_.txn_number);
}

const DoneStatements* SessionUse::find_done(std::int32_t statement) {
    return session_.record.find(statement);
}

Status SessionUse::run_noted(storage::Durability durability,
                             Interrupt& interrupt,
                             const Statements& body) {
    PLUMB_CHECK(registry_.store_.ensure_collection());
    std::optional<DoneStatements> done;
    SessionStore::Written written;
    PLUMB_CHECK(registry_.engine_.run_write(
        durability, interrupt, [&](storage::Transaction& transaction) -> Status {
            PLUMB_TRY(ran, body(transaction));
            done = std::move(ran);
            if (!done) {
                return {};
            }
            PLUMB_TRY(places,
                      registry_.store_.write(transaction, session_.id, session_.record, &*done));
            written = places;
            return {};
        }));
    if (done) {
        SessionStore::apply(written, &*done, session_.record);
        ++registry_.record_writes_;
    }
    return {};
}

}  // namespace plumb::commands
