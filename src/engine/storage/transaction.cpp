// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/transaction.h"

#include "base/assert.h"
#include "engine/storage/session_internal.h"
#include "engine/storage/session_pool_internal.h"
#include "engine/storage/snapshot_age.h"
#include "engine/storage/wiredtiger_error_internal.h"

#include <utility>

namespace plumb::storage {

namespace {

Status hit(const SessionHandle& session, FaultPoint point) {
    return session.is_housekeeping() ? Status{} : session.pool().faults().hit(point);
}

}  // namespace

Transaction::Transaction(std::unique_ptr<SessionHandle> session, Access access)
    : session_(std::move(session)), access_(access), active_(true) {}

Transaction::~Transaction() {
    rollback();
    SessionPool& pool = session_->pool();
    pool.give_back(std::move(session_));
}

Status Transaction::commit(Durability durability) {
    PLUMB_ASSERT(active_);
    if (access_ == Access::Read) {
        rollback();
        return {};
    }
    if (Status fault = hit(*session_, FaultPoint::StorageBeforeCommit); !fault.ok()) {
        rollback();
        return fault;
    }
    WT_SESSION* wt = session_->wt();
    const char* config = durability == Durability::Journaled ? "sync=on" : nullptr;
    const int code = wt->commit_transaction(wt, config);
    active_ = false;
    session_->end_touches(code == 0);
    PLUMB_CHECK(wiredtiger_status(code, "committing a transaction"));
    if (durability == Durability::Lazy) {
        session_->pool().note_lazy_commit();
    }
    return hit(*session_, FaultPoint::StorageAfterCommit);
}

void Transaction::rollback() {
    if (!active_) {
        return;
    }
    WT_SESSION* wt = session_->wt();
    // A rollback that fails leaves WiredTiger in a panic, which its event handler ends.
    static_cast<void>(wt->rollback_transaction(wt, nullptr));
    active_ = false;
    session_->end_touches(false);
}

Status Transaction::renew_snapshot() {
    PLUMB_ASSERT(access_ == Access::Read);
    rollback();
    PLUMB_CHECK(session_->begin_snapshot());
    active_ = true;
    return {};
}

void Transaction::release_snapshot() {
    PLUMB_ASSERT(access_ == Access::Read);
    rollback();
}

bool is_older_than(Transaction& transaction, const CollectionState& collection) {
    for (const auto& index : collection.indexes) {
        if (index->is_id() && index->life != nullptr) {
            return transaction.session().is_newer_than_snapshot(index->life->born);
        }
    }
    return false;
}

}  // namespace plumb::storage
