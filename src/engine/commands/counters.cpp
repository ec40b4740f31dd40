// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/counters.h"

namespace plumb::commands {

namespace {

// Most are zero for most operations: an atomic addition is dearer than looking.
void add(std::atomic<std::int64_t>& to, std::int64_t by) {
    if (by != 0) {
        to.fetch_add(by, std::memory_order_relaxed);
    }
}

}  // namespace

void Counters::command_done(std::size_t number, bool failed) {
    commands_[number].total.fetch_add(1, std::memory_order_relaxed);
    if (failed) {
        commands_[number].failed.fetch_add(1, std::memory_order_relaxed);
    }
}

void Counters::add_latency(Latency group, std::chrono::microseconds time) {
    PerLatency& latency = latencies_[static_cast<std::size_t>(group)];
    latency.microseconds.fetch_add(time.count(), std::memory_order_relaxed);
    latency.operations.fetch_add(1, std::memory_order_relaxed);
}

std::pair<std::int64_t, std::int64_t> Counters::latency(Latency group) const {
    const PerLatency& latency = latencies_[static_cast<std::size_t>(group)];
    return {latency.microseconds.load(std::memory_order_relaxed),
            latency.operations.load(std::memory_order_relaxed)};
}

void Counters::add_statistics(const exec::OperationStatistics& statistics) {
    add(documents_.inserted, statistics.documents_inserted);
    add(documents_.updated, statistics.documents_updated);
    add(documents_.deleted, statistics.documents_deleted);
    add(documents_.returned, statistics.documents_returned);
    add(documents_.keys_examined, statistics.keys_examined);
    add(documents_.docs_examined, statistics.docs_examined);
    add(documents_.write_conflicts, statistics.write_conflicts);
    add(documents_.sorts, statistics.has_sort_stage ? 1 : 0);
}

void Counters::unsupported(std::string_view name) {
    const std::scoped_lock lock{unsupported_mutex_};
    const auto found = unsupported_.find(name);
    if (found != unsupported_.end()) {
        ++found->second;
        return;
    }
    const bool room = unsupported_.size() < kUnsupportedMax;
    ++unsupported_[room ? std::string{name.substr(0, 64)} : std::string{"…"}];
}

std::map<std::string, std::int64_t, std::less<>> Counters::unsupported_names() const {
    const std::scoped_lock lock{unsupported_mutex_};
    return unsupported_;
}

}  // namespace plumb::commands
