// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/assert.h"
#include "engine/storage/session_pool_internal.h"
#include "engine/storage/wiredtiger_error_internal.h"

#include <algorithm>
#include <utility>

namespace plumb::storage {

Result<std::unique_ptr<SessionHandle>> SessionPool::take() {
    {
        const std::lock_guard lock{mutex_};
        if (!waiting_.empty()) {
            std::unique_ptr<SessionHandle> session = std::move(waiting_.back());
            waiting_.pop_back();
            ++taken_;
            return session;
        }
    }
    WT_SESSION* opened = nullptr;
    PLUMB_CHECK(wiredtiger_status(
        connection_->open_session(connection_, nullptr, "isolation=snapshot", &opened),
        "opening a storage session"));
    auto session = std::make_unique<SessionHandle>(*this, opened);
    const std::lock_guard lock{mutex_};
    ++taken_;
    return session;
}

void SessionPool::give_back(std::unique_ptr<SessionHandle> session) {
    session->set_housekeeping(false);
    const std::lock_guard lock{mutex_};
    session->close_idle_cursors(releasing_);
    waiting_.push_back(std::move(session));
    --taken_;
}

Result<std::unique_ptr<Transaction>> SessionPool::begin(Access access) {
    PLUMB_TRY(session, take());
    if (Status begun = session->begin_snapshot(); !begun.ok()) {
        give_back(std::move(session));
        return std::move(begun).error();
    }
    return std::make_unique<Transaction>(std::move(session), access);
}

void SessionPool::release_tables(std::vector<std::string> uris) {
    std::sort(uris.begin(), uris.end());
    const std::lock_guard lock{mutex_};
    releasing_ = std::move(uris);
    for (const auto& session : waiting_) {
        session->close_idle_cursors(releasing_);
    }
}

void SessionPool::clear() {
    const std::lock_guard lock{mutex_};
    PLUMB_ASSERT(taken_ == 0);
    waiting_.clear();
}

}  // namespace plumb::storage
