// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/roll_back.h"

#include "tool/migrate/ledger/strays.h"
#include "tool/migrate/operations/operations.h"
#include "tool/migrate/status.h"

#include <fmt/format.h>

namespace plumb::migrate {
namespace {

// What went back against a unique index that a later migration made cannot go on by itself.
std::string advice(const Deployment& deployment, const std::string& number, int version) {
    const auto records = read_ledger(deployment);
    std::string later;
    if (records.ok()) {
        for (const int each : applied_after(*records, version)) {
            later += fmt::format("{}{}", later.empty() ? "" : ", ", project::version_text(each));
        }
    }
    const std::string go_on = fmt::format("`plumb migrate rollback {}` to go on with it", number);
    return later.empty() ? "run " + go_on
                         : fmt::format(
                               "{} was applied after {} and may stand in the way: take it "
                               "back first, then run {}",
                               later,
                               number,
                               go_on);
}

}  // namespace

Status roll_back(const Deployment& deployment,
                 Ledger& ledger,
                 Record& record,
                 Outcome& outcome,
                 std::string_view reason) {
    if (record.state != State::Applied) {
        PLUMB_CHECK(wait_for_strays(deployment));
    }
    record.state = State::RollingBack;
    record.finished_ms = 0;
    PLUMB_CHECK(ledger.write(record, "rolling_back", reason));
    for (auto entry = record.operations.rbegin(); entry != record.operations.rend(); ++entry) {
        if (entry->untouched()) {
            continue;
        }
        const OperationHandler* handler = find_operation(entry->kind);
        if (handler == nullptr) {
            return fail(ErrorCode::CommandNotSupported,
                        fmt::format("the ledger has an operation {} that this version cannot undo",
                                    entry->kind));
        }
        deployment.tell(OperationStarted{entry->kind, entry->collection, Direction::Down});
        PLUMB_CHECK(deployment.faults.hit(FaultPoint::MigrateBeforeOperation));
        const auto place = static_cast<std::size_t>(record.operations.rend() - entry) - 1;
        OperationRun run{deployment, ledger, record, *entry, outcome, place};
        PLUMB_CHECK(handler->revert(run));
        PLUMB_CHECK(deployment.faults.hit(FaultPoint::MigrateAfterOperation));
    }
    record.state = State::RolledBack;
    record.finished_ms = deployment.clock.now().count();
    return ledger.write(record, "rolled_back", reason);
}

Error rollback_failed(const Deployment& deployment,
                      Ledger& ledger,
                      Record& record,
                      std::string_view first,
                      const Error& second) {
    if (second.code() == ErrorCode::LockHeld) {
        return second;
    }
    record.state = State::Failed;
    const Status written = ledger.write(record, "failed", second.message());
    const std::string number = project::version_text(record.version);
    return fail(ErrorCode::RollbackFailed,
                fmt::format("migration {} {}could not be rolled back: {}{}. What is left is in the "
                            "ledger: {}",
                            number,
                            first.empty() ? std::string{} : fmt::format("failed ({}) and ", first),
                            second.message(),
                            written.ok() ? "" : "; the ledger could not be written either",
                            advice(deployment, number, record.version)))
        .with_details(second.details());
}

}  // namespace plumb::migrate
