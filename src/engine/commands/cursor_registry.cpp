// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/cursor_registry.h"

#include <fmt/format.h>

#include <limits>
#include <random>

namespace plumb::commands {

namespace {

constexpr ErrorCode kCursorInUse{12051};
constexpr ErrorCode kCursorKilled{237};

Error not_found(std::int64_t id) {
    return fail(ErrorCode::CursorNotFound, fmt::format("cursor id {} not found", id));
}

// The random device is read each time: an id that can be guessed is another client's data.
std::int64_t random_id() {
    std::random_device device;
    std::uniform_int_distribution<std::int64_t> any{1, std::numeric_limits<std::int64_t>::max()};
    return any(device);
}

}  // namespace

std::int64_t CursorRegistry::add(std::unique_ptr<OpenCursor> cursor) {
    const std::scoped_lock lock{mutex_};
    std::int64_t id = random_id();
    while (slots_.contains(id)) {
        id = random_id();
    }
    Slot slot;
    slot.ns = cursor->ns;
    slot.owner = {cursor->session, cursor->txn_number};
    slot.opened_by = cursor->opened_by;
    slot.no_timeout = cursor->no_timeout;
    slot.last_used = clock_.monotonic();
    slot.last_used_wall = clock_.now();
    cursor->created = slot.last_used_wall;
    cursor->id = id;
    slot.cursor = std::move(cursor);
    slots_.emplace(id, std::move(slot));
    return id;
}

Result<std::unique_ptr<OpenCursor>> CursorRegistry::check_out(std::int64_t id, Interrupt& user) {
    const std::scoped_lock lock{mutex_};
    const auto found = slots_.find(id);
    if (found == slots_.end() || found->second.kill_pending) {
        return not_found(id);
    }
    Slot& slot = found->second;
    if (slot.reason) {
        Error reason = std::move(*slot.reason);
        slots_.erase(found);
        return reason;
    }
    if (slot.user != nullptr) {
        return fail(kCursorInUse, fmt::format("cursor id {} is already in use", id));
    }
    slot.user = &user;
    return std::move(slot.cursor);
}

void CursorRegistry::check_in(std::unique_ptr<OpenCursor> cursor) {
    const std::scoped_lock lock{mutex_};
    const auto found = slots_.find(cursor->id);
    if (found == slots_.end()) {
        return;
    }
    Slot& slot = found->second;
    slot.user = nullptr;
    slot.last_used = clock_.monotonic();
    slot.last_used_wall = clock_.now();
    if (slot.kill_pending) {
        slots_.erase(found);
        return;
    }
    if (!slot.reason) {
        slot.cursor = std::move(cursor);
    }
}

void CursorRegistry::finish(std::int64_t id) {
    const std::scoped_lock lock{mutex_};
    slots_.erase(id);
}

bool CursorRegistry::kill(std::int64_t id) {
    std::unique_ptr<OpenCursor> closed;  // ends outside of the lock: it may give pages back
    const std::scoped_lock lock{mutex_};
    const auto found = slots_.find(id);
    if (found == slots_.end() || found->second.kill_pending) {
        return false;
    }
    if (found->second.user != nullptr) {
        found->second.kill_pending = true;
        found->second.user->kill(kCursorKilled);
        return true;
    }
    closed = std::move(found->second.cursor);
    slots_.erase(found);
    return true;
}

void CursorRegistry::kill_namespace(std::string_view prefix, const Error& reason) {
    std::vector<std::unique_ptr<OpenCursor>> closed;
    const std::scoped_lock lock{mutex_};
    for (auto& [id, slot] : slots_) {
        const bool database = prefix.ends_with('.');
        if (database ? !slot.ns.starts_with(prefix) : slot.ns != prefix) {
            continue;
        }
        slot.reason = reason;
        if (slot.cursor != nullptr) {
            closed.push_back(std::move(slot.cursor));
        }
    }
}

std::optional<std::string> CursorRegistry::opened_by(std::int64_t id) const {
    const std::scoped_lock lock{mutex_};
    const auto found = slots_.find(id);
    return found == slots_.end() ? std::nullopt : std::optional{found->second.opened_by};
}

std::size_t CursorRegistry::kill_session(std::string_view session,
                                         std::optional<std::int64_t> txn_number) {
    std::vector<std::int64_t> ids;
    {
        const std::scoped_lock lock{mutex_};
        for (const auto& [id, slot] : slots_) {
            if (slot.owner.session == session &&
                (!txn_number || slot.owner.txn_number == txn_number)) {
                ids.push_back(id);
            }
        }
    }
    std::size_t killed = 0;
    for (const std::int64_t id : ids) {
        killed += kill(id) ? 1U : 0U;
    }
    return killed;
}

std::optional<CursorRegistry::Owner> CursorRegistry::owner_of(std::int64_t id) const {
    const std::scoped_lock lock{mutex_};
    const auto found = slots_.find(id);
    return found == slots_.end() ? std::nullopt : std::optional{found->second.owner};
}

std::optional<std::string> CursorRegistry::namespace_of(std::int64_t id) const {
    const std::scoped_lock lock{mutex_};
    const auto found = slots_.find(id);
    if (found == slots_.end()) {
        return std::nullopt;
    }
    return found->second.ns;
}

void CursorRegistry::set_idle_limit(std::chrono::milliseconds limit) {
    const std::scoped_lock lock{mutex_};
    idle_limit_ = limit;
}

std::chrono::milliseconds CursorRegistry::idle_limit() const {
    const std::scoped_lock lock{mutex_};
    return idle_limit_;
}

void CursorRegistry::close_idle() {
    std::vector<std::unique_ptr<OpenCursor>> closed;
    const std::chrono::nanoseconds now = clock_.monotonic();
    const std::scoped_lock lock{mutex_};
    for (auto at = slots_.begin(); at != slots_.end();) {
        Slot& slot = at->second;
        if (slot.user != nullptr || slot.no_timeout || now - slot.last_used < idle_limit_) {
            ++at;
            continue;
        }
        closed.push_back(std::move(slot.cursor));
        at = slots_.erase(at);
        ++timed_out_;
    }
}

void CursorRegistry::close_all() {
    std::unordered_map<std::int64_t, Slot> closed;
    const std::scoped_lock lock{mutex_};
    for (auto at = slots_.begin(); at != slots_.end();) {
        if (at->second.user != nullptr) {
            at->second.kill_pending = true;
            at->second.user->kill(ErrorCode::InterruptedAtShutdown);
            ++at;
            continue;
        }
        closed.insert(slots_.extract(at++));
    }
}

std::vector<IdleCursor> CursorRegistry::idle_cursors() const {
    const std::scoped_lock lock{mutex_};
    std::vector<IdleCursor> out;
    for (const auto& [id, slot] : slots_) {
        if (slot.cursor == nullptr) {
            continue;
        }
        const OpenCursor& cursor = *slot.cursor;
        out.push_back({.id = id,
                       .ns = slot.ns,
                       .command = cursor.command,
                       .plan_summary = cursor.plan_summary,
                       .tailable = cursor.tailable,
                       .await_data = cursor.await_data,
                       .no_timeout = slot.no_timeout,
                       .documents_given = cursor.documents_given,
                       .batches_given = cursor.batches_given,
                       .created = cursor.created,
                       .last_used = slot.last_used_wall});
    }
    return out;
}

CursorCounts CursorRegistry::counts() const {
    const std::scoped_lock lock{mutex_};
    CursorCounts counts;
    counts.timed_out = timed_out_;
    for (const auto& [id, slot] : slots_) {
        ++counts.open;
        counts.pinned += slot.user != nullptr ? 1 : 0;
        counts.no_timeout += slot.no_timeout ? 1 : 0;
    }
    return counts;
}

}  // namespace plumb::commands
