// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/operation_registry.h"

#include <algorithm>
#include <limits>

namespace plumb::commands {

void BuildWatch::set(const storage::BuildProgress& progress) {
    done_.store(progress.done, std::memory_order_relaxed);
    total_.store(progress.total, std::memory_order_relaxed);
    phase_.store(static_cast<int>(progress.phase), std::memory_order_release);
}

bool BuildWatch::get(storage::BuildProgress& out) const {
    const int phase = phase_.load(std::memory_order_acquire);
    if (phase < 0) {
        return false;
    }
    out.phase = static_cast<storage::BuildProgress::Phase>(phase);
    out.done = done_.load(std::memory_order_relaxed);
    out.total = total_.load(std::memory_order_relaxed);
    return true;
}

void OperationNotes::set_plan_summary(std::string summary) {
    const std::scoped_lock lock{mutex_};
    noted_.plan_summary = std::move(summary);
}

void OperationNotes::set_cursor(bson::Document cursor) {
    const std::scoped_lock lock{mutex_};
    noted_.cursor = std::move(cursor);
}

OperationNotes::Noted OperationNotes::get() const {
    const std::scoped_lock lock{mutex_};
    return noted_;
}

OperationRegistry::Scope::Scope(OperationRegistry& registry, RunningOperation& operation)
    : registry_(registry), operation_(operation) {
    operation.started = registry.clock_.monotonic();
    const std::scoped_lock lock{registry.mutex_};
    operation.opid = registry.next_opid_;
    registry.next_opid_ =
        operation.opid == std::numeric_limits<std::int32_t>::max() ? 1 : operation.opid + 1;
    registry.running_.push_back(&operation);
    if (registry.shutting_down_) {
        operation.interrupt->kill(ErrorCode::InterruptedAtShutdown);
    }
}

OperationRegistry::Scope::~Scope() {
    const std::scoped_lock lock{registry_.mutex_};
    const auto found = std::ranges::find(registry_.running_, &operation_);
    *found = registry_.running_.back();
    registry_.running_.pop_back();
}

void OperationRegistry::for_each(const std::function<void(const RunningOperation&)>& visit) const {
    const std::scoped_lock lock{mutex_};
    for (const RunningOperation* operation : running_) {
        visit(*operation);
    }
}

bool OperationRegistry::kill(std::int32_t opid) {
    const std::scoped_lock lock{mutex_};
    for (const RunningOperation* operation : running_) {
        if (operation->opid == opid) {
            operation->interrupt->kill(ErrorCode::Interrupted);
            return true;
        }
    }
    return false;
}

void OperationRegistry::kill_connection(std::int64_t connection_id) {
    const std::scoped_lock lock{mutex_};
    for (const RunningOperation* operation : running_) {
        if (operation->client->connection_id == connection_id) {
            operation->interrupt->kill(ErrorCode::Interrupted);
        }
    }
}

void OperationRegistry::shut_down() {
    const std::scoped_lock lock{mutex_};
    shutting_down_ = true;
    for (const RunningOperation* operation : running_) {
        operation->interrupt->kill(ErrorCode::InterruptedAtShutdown);
    }
}

void OperationRegistry::remember(const ClientState& client) {
    const std::scoped_lock lock{mutex_};
    known_.insert_or_assign(client.connection_id,
                            KnownClient{.connection_id = client.connection_id,
                                        .remote_address = client.remote_address,
                                        .metadata = client.metadata});
}

void OperationRegistry::forget(std::int64_t connection_id) {
    const std::scoped_lock lock{mutex_};
    known_.erase(connection_id);
}

std::vector<KnownClient> OperationRegistry::idle_clients() const {
    const std::scoped_lock lock{mutex_};
    std::vector<KnownClient> out;
    for (const auto& [id, client] : known_) {
        const bool active = std::ranges::any_of(running_, [&](const RunningOperation* operation) {
            return operation->client->connection_id == id;
        });
        if (!active) {
            out.push_back(client);
        }
    }
    return out;
}

std::size_t OperationRegistry::active() const {
    const std::scoped_lock lock{mutex_};
    return running_.size();
}

}  // namespace plumb::commands
