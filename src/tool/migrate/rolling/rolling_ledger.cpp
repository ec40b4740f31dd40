// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/index/index_plan.h"
#include "tool/migrate/ledger/ledger.h"
#include "tool/migrate/rolling/rolling_ledger_internal.h"

#include <fmt/format.h>

namespace plumb::migrate {
namespace {

Status may_begin(const std::optional<Record>& found, const project::MigrationFile& file) {
    if (!found.has_value() || found->state == State::RolledBack) {
        return {};
    }
    if (found->state == State::Applying && found->checksum == file.checksum()) {
        return {};
    }
    return fail(ErrorCode::RefusedForSafety,
                fmt::format("migration {} is {} by the ledger; {}",
                            file.number(),
                            state_name(found->state),
                            found->state == State::Applied
                                ? "there is nothing to build"
                                : "`plumb migrate repair` says what is left of it"));
}

}  // namespace

Result<RollingIntent> RollingIntent::begin(const Deployment& deployment,
                                           const project::MigrationFile& file) {
    const Runner runner = describe_this_process();
    PLUMB_TRY(lock, Lock::acquire(deployment, runner));
    Ledger ledger{deployment, *lock, runner};
    PLUMB_TRY(found, read_ledger(deployment, file.version));
    PLUMB_CHECK(may_begin(found, file));
    Record record =
        found.has_value() && found->state == State::Applying ? *std::move(found) : new_record(file);
    record.state = State::Applying;
    record.started_ms = deployment.clock.now().count();
    for (std::size_t at = 0; at < file.up.size(); ++at) {
        OperationRecord& entry = record.operations.at(at);
        if (entry.state != OperationState::Pending) {
            continue;
        }
        const auto& wanted = std::get<project::CreateIndexes>(file.up[at].body).indexes;
        PLUMB_TRY(existing, indexes_of(deployment.client, deployment.database, entry.collection));
        entry.intended = to_create(plan_indexes(wanted, existing));
        entry.state = OperationState::Applying;
    }
    PLUMB_CHECK(ledger.write(record, "rolling_started"));
    return RollingIntent{std::move(lock)};
}

}  // namespace plumb::migrate
