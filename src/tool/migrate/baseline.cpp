// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/baseline.h"

#include "tool/migrate/ledger/ledger.h"
#include "tool/migrate/ledger/lock.h"

#include <fmt/format.h>

namespace plumb::migrate {
namespace {

constexpr std::string_view kEvent = "baseline";

Record record_of(const BaselineEntry& entry, std::int64_t now_ms) {
    Record out;
    if (entry.file != nullptr) {
        out = new_record(*entry.file);
    } else {
        out.version = entry.version;
        out.name = entry.name;
        out.title = entry.name;
    }
    out.state = State::Applied;
    out.started_ms = entry.applied_ms != 0 ? entry.applied_ms : now_ms;
    out.finished_ms = out.started_ms;
    return out;
}

}  // namespace

bool is_baseline(const Record& record) {
    if (record.state != State::Applied || record.events.empty()) {
        return false;
    }
    const bson::ValueView event = record.events.back().find("event");
    return event.type() == bson::Type::String && event.as_string() == kEvent;
}

Result<std::vector<int>> take_as_applied(const Deployment& deployment,
                                         const std::vector<BaselineEntry>& entries) {
    const Runner runner = describe_this_process();
    PLUMB_TRY(lock, Lock::acquire(deployment, runner));
    Ledger ledger{deployment, *lock, runner};
    std::vector<int> out;
    for (const BaselineEntry& entry : entries) {
        PLUMB_CHECK(deployment.interrupt.check());
        PLUMB_TRY(found, read_ledger(deployment, entry.version));
        if (found.has_value() && found->state == State::Applied) {
            continue;
        }
        if (found.has_value() && found->state != State::RolledBack) {
            return fail(ErrorCode::RefusedForSafety,
                        fmt::format("migration {} is half-way ({}); settle that first: plumb "
                                    "migrate repair",
                                    project::version_text(entry.version),
                                    state_name(found->state)));
        }
        Record record = record_of(entry, deployment.clock.now().count());
        PLUMB_CHECK(ledger.write(
            record,
            kEvent,
            entry.source.empty() ? "taken as applied, nothing was run" : entry.source));
        out.push_back(entry.version);
    }
    return out;
}

Status forget_baseline(const Deployment& deployment, int version) {
    const Runner runner = describe_this_process();
    PLUMB_TRY(lock, Lock::acquire(deployment, runner));
    Ledger ledger{deployment, *lock, runner};
    PLUMB_TRY(found, read_ledger(deployment, version));
    if (!found.has_value() || !is_baseline(*found)) {
        return fail(ErrorCode::UsageError,
                    fmt::format("migration {} is no baseline", project::version_text(version)));
    }
    found->state = State::RolledBack;
    found->finished_ms = deployment.clock.now().count();
    return ledger.write(*found, "baseline_forgotten", "pending again, nothing was undone");
}

}  // namespace plumb::migrate
