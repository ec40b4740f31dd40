// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/session_registry.h"

#include "engine/commands/session_id.h"

#include <fmt/format.h>

#include <utility>

namespace plumb::commands {

namespace {

// MongoDB's maxSessions and transactionLifetimeLimitSeconds.
constexpr std::size_t kSessionsMax = 1'000'000;
constexpr std::chrono::seconds kLifetimeLimit{60};
constexpr std::chrono::minutes kSessionIdle{kSessionMinutes};
// How soon one who waits for a session notices that it was interrupted.
constexpr std::chrono::milliseconds kLookAtInterrupt{10};

}  // namespace

SessionRegistry::SessionRegistry(storage::Engine& engine,
                                 const Clock& clock,
                                 CloseCursors close_cursors)
    : engine_(engine),
      clock_(clock),
      close_cursors_(std::move(close_cursors)),
      store_(engine, clock),
      cluster_time_(clock),
      lifetime_limit_(kLifetimeLimit) {}

SessionRegistry::~SessionRegistry() {
    close_all();
}

Result<LogicalSession*> SessionRegistry::find_or_add(std::string_view id) {
    const auto found = sessions_.find(id);
    if (found != sessions_.end()) {
        found->second->last_used = clock_.monotonic();
        return found->second.get();
    }
    if (sessions_.size() >= kSessionsMax) {
        return fail(ErrorCode::TooManyLogicalSessions,
                    "Unable to add session into the cache because the number of active sessions "
                    "is too high");
    }
    auto session = std::make_unique<LogicalSession>();
    session->id = id;
    session->last_used = clock_.monotonic();
    return sessions_.emplace(session->id, std::move(session)).first->second.get();
}

Status SessionRegistry::touch(std::string_view id) {
    const std::lock_guard lock{mutex_};
    PLUMB_CHECK(find_or_add(id));
    return {};
}

std::unique_ptr<SessionUse> SessionRegistry::try_take(LogicalSession& session) {
    if (session.is_used) {
        return nullptr;
    }
    session.is_used = true;
    return std::make_unique<SessionUse>(*this, session);
}

Result<std::unique_ptr<SessionUse>> SessionRegistry::check_out(std::string_view id,
                                                               Interrupt& user) {
    std::unique_lock lock{mutex_};
    while (true) {
        if (is_closed_) {
            return fail(ErrorCode::InterruptedAtShutdown, "interrupted at shutdown");
        }
        // Looked up each time: whoever had it may have ended it.
        PLUMB_TRY(session, find_or_add(id));
        if (std::unique_ptr<SessionUse> use = try_take(*session)) {
            session->user = &user;
            return use;
        }
        PLUMB_CHECK(user.check_now());
        given_back_.wait_for(lock, kLookAtInterrupt);
    }
}

void SessionRegistry::check_in(LogicalSession& session) {
    // What ends must end outside of the lock, and after nobody can find it.
    std::unique_ptr<LogicalSession> ended;
    {
        const std::lock_guard lock{mutex_};
        session.user = nullptr;
        session.is_used = false;
        session.last_used = clock_.monotonic();
        if (session.must_end) {
            const auto found = sessions_.find(session.id);
            ended = std::move(found->second);
            sessions_.erase(found);
        }
    }
    given_back_.notify_all();
    if (ended != nullptr) {
        if (ended->is_loaded) {
            store_.forget(ended->id, std::move(ended->record));
        }
        close_cursors_(ended->id, std::nullopt);
    }
}

void SessionRegistry::end(std::string_view id) {
    std::unique_ptr<SessionUse> use;  // given back outside of the lock
    const std::lock_guard lock{mutex_};
    const auto found = sessions_.find(id);
    if (found != sessions_.end()) {
        use = try_take(*found->second);
        if (use != nullptr) {
            found->second->must_end = true;
        }
    }
}

void SessionRegistry::kill(std::string_view id) {
    std::unique_ptr<SessionUse> use;  // as above
    const std::lock_guard lock{mutex_};
    const auto found = sessions_.find(id);
    if (found == sessions_.end()) {
        return;
    }
    LogicalSession& session = *found->second;
    use = try_take(session);
    session.must_abort = session.state == TransactionState::InProgress;
    if (use == nullptr && session.user != nullptr) {
        session.user->kill(ErrorCode::Interrupted);
    }
}

std::vector<std::string> SessionRegistry::ids() const {
    const std::lock_guard lock{mutex_};
    std::vector<std::string> out;
    out.reserve(sessions_.size());
    for (const auto& [id, session] : sessions_) {
        out.push_back(id);
    }
    return out;
}

void SessionRegistry::expire() {
    std::vector<std::unique_ptr<SessionUse>> too_long;
    std::vector<std::unique_ptr<SessionUse>> idle;
    {
        const std::chrono::nanoseconds now = clock_.monotonic();
        const std::lock_guard lock{mutex_};
        for (const auto& [id, session] : sessions_) {
            const bool expired = session->state == TransactionState::InProgress &&
                                 now - session->begun.load() >= lifetime_limit_.load();
            if (expired && session->is_used && session->user != nullptr) {
                session->user->kill(ErrorCode::NoSuchTransaction);
            } else if (expired) {
                if (auto use = try_take(*session)) {
                    too_long.push_back(std::move(use));
                }
            } else if (now - session->last_used >= kSessionIdle) {
                if (auto use = try_take(*session)) {
                    session->must_end = true;
                    idle.push_back(std::move(use));
                }
            }
        }
    }
    for (const auto& use : too_long) {
        use->abort();
    }
    too_long.clear();
    idle.clear();
    store_.sweep();
}

void SessionRegistry::close_all() {
    std::vector<std::unique_ptr<SessionUse>> taken;
    {
        const std::lock_guard lock{mutex_};
        is_closed_ = true;
        for (const auto& [id, session] : sessions_) {
            if (auto use = try_take(*session)) {
                taken.push_back(std::move(use));
            } else if (session->user != nullptr) {
                session->user->kill(ErrorCode::InterruptedAtShutdown);
            }
        }
    }
    for (const auto& use : taken) {
        use->abort();
    }
}

void SessionRegistry::note_retried(std::int64_t statements) {
    ++retried_commands_;
    retried_statements_ += statements;
}

TransactionCounts SessionRegistry::counts() const {
    TransactionCounts out;
    out.started = started_;
    out.committed = committed_;
    out.aborted = aborted_;
    out.retried_commands = retried_commands_;
    out.retried_statements = retried_statements_;
    out.record_writes = record_writes_;
    const std::lock_guard lock{mutex_};
    out.sessions = static_cast<std::int64_t>(sessions_.size());
    for (const auto& [id, session] : sessions_) {
        const bool open = session->state == TransactionState::InProgress;
        out.open += open ? 1 : 0;
        out.active += open && session->is_used ? 1 : 0;
    }
    return out;
}

}  // namespace plumb::commands
