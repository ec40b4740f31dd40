// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/top_counters.h"

#include <mutex>

namespace plumb::commands {

namespace {

TopColumn column_of(std::string_view kind) {
    struct Kind {
        std::string_view name;
        TopColumn column;
    };
    constexpr auto kKinds = std::to_array<Kind>({{"getmore", TopColumn::GetMore},
                                                 {"insert", TopColumn::Insert},
                                                 {"query", TopColumn::Queries},
                                                 {"remove", TopColumn::Remove},
                                                 {"update", TopColumn::Update}});
    for (const Kind& each : kKinds) {
        if (each.name == kind) {
            return each.column;
        }
    }
    return TopColumn::Commands;
}

}  // namespace

void TopCounters::add_to(Cells& cells, const CommandRow& row, std::chrono::microseconds duration) {
    const auto add = [&](TopColumn column) {
        Cell& cell = cells[static_cast<std::size_t>(column)];
        cell.microseconds.fetch_add(duration.count(), std::memory_order_relaxed);
        cell.count.fetch_add(1, std::memory_order_relaxed);
    };
    add(TopColumn::Total);
    if (row.latency == Latency::Reads) {
        add(TopColumn::ReadLock);
    } else if (row.latency == Latency::Writes) {
        add(TopColumn::WriteLock);
    }
    add(column_of(row.kind));
}

void TopCounters::add(std::string_view ns,
                      const CommandRow& row,
                      std::chrono::microseconds duration) {
    {
        const std::shared_lock lock{mutex_};
        const auto found = usage_.find(ns);
        if (found != usage_.end()) {
            add_to(found->second, row, duration);
            return;
        }
    }
    const std::unique_lock lock{mutex_};
    if (usage_.size() < kNamesMax) {
        add_to(usage_[std::string{ns}], row, duration);
    }
}

void TopCounters::forget(std::string_view ns) {
    const std::unique_lock lock{mutex_};
    if (const auto found = usage_.find(ns); found != usage_.end()) {
        usage_.erase(found);
    }
}

std::map<std::string, TopRow> TopCounters::rows(
    const std::function<bool(std::string_view ns)>& keep) {
    const std::unique_lock lock{mutex_};
    std::erase_if(usage_, [&](const auto& each) { return !keep(each.first); });
    std::map<std::string, TopRow> out;
    for (const auto& [ns, cells] : usage_) {
        TopRow& row = out[ns];
        for (std::size_t column = 0; column < kTopColumns; ++column) {
            row[column] = {.microseconds = cells[column].microseconds.load(),
                           .count = cells[column].count.load()};
        }
    }
    return out;
}

}  // namespace plumb::commands
