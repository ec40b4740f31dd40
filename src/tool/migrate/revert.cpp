// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/data/data_operation.h"
#include "tool/migrate/operations/operations.h"
#include "tool/migrate/operations/replace_indexes.h"
#include "tool/migrate/roll_back.h"
#include "tool/migrate/run.h"

#include <fmt/format.h>

namespace plumb::migrate {
namespace {

bool nothing_to_revert(const std::optional<Record>& record) {
    return !record.has_value() || record->state == State::RolledBack;
}

Outcome outcome_of(int version, const std::optional<Record>& record) {
    Outcome out;
    out.version = version;
    out.state = State::RolledBack;
    out.nothing_to_do = nothing_to_revert(record);
    if (record.has_value()) {
        out.name = record->name;
    }
    return out;
}

void tell_started(const Deployment& deployment, const Record& record) {
    deployment.tell(
        Started{project::version_text(record.version),
                record.title,
                record.operations.empty() ? std::string{} : record.operations.front().kind,
                Direction::Down});
}

}  // namespace

Result<Outcome> revert(const Deployment& deployment, int version) {
    const Runner runner = describe_this_process();
    PLUMB_TRY(lock, Lock::acquire(deployment, runner));
    Ledger ledger{deployment, *lock, runner};
    PLUMB_TRY(record, read_ledger(deployment, version));
    Outcome outcome = outcome_of(version, record);
    if (outcome.nothing_to_do) {
        return outcome;
    }
    outcome.resumed = record->state != State::Applied;
    const auto started = deployment.clock.monotonic();
    tell_started(deployment, *record);
    for (const OperationRecord& entry : record->operations) {
        PLUMB_CHECK(refuse_pruned(entry));
    }
    PLUMB_CHECK(soak(deployment, *record));
    if (const Status back = roll_back(deployment, ledger, *record, outcome, "asked for");
        !back.ok()) {
        return rollback_failed(deployment, ledger, *record, "", back.error());
    }
    const auto took = deployment.clock.monotonic() - started;
    outcome.ms = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
    return outcome;
}

Result<Outcome> preview_revert(const Deployment& deployment, int version) {
    PLUMB_TRY(record, read_ledger(deployment, version));
    Outcome outcome = outcome_of(version, record);
    if (outcome.nothing_to_do) {
        return outcome;
    }
    tell_started(deployment, *record);
    for (auto entry = record->operations.rbegin(); entry != record->operations.rend(); ++entry) {
        if (entry->untouched()) {
            continue;
        }
        const OperationHandler* handler = find_operation(entry->kind);
        if (handler == nullptr) {
            return fail(ErrorCode::CommandNotSupported,
                        fmt::format("operation {} cannot be undone by this version", entry->kind));
        }
        deployment.tell(OperationStarted{entry->kind, entry->collection, Direction::Down});
        PLUMB_CHECK(handler->preview_revert(deployment, *entry, outcome));
    }
    return outcome;
}

}  // namespace plumb::migrate
