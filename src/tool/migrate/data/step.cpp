// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/data/step.h"

#include <fmt/format.h>

namespace plumb::migrate {
namespace {

std::string name_with(std::string_view prefix, const OperationRun& run) {
    return fmt::format("{}{}_{}_f{}",
                       prefix,
                       project::version_text(run.record.version),
                       run.place + 1,
                       run.ledger.fence());
}

std::string ledger_detail(const OperationRecord& entry) {
    return entry.collection.empty() ? entry.kind : entry.collection;
}

}  // namespace

Status begin_operation(OperationRun& run) {
    run.entry.state = OperationState::Applying;
    return run.ledger.write(run.record, "operation_started", ledger_detail(run.entry));
}

Status finish_operation(OperationRun& run, std::string_view detail) {
    run.entry.state = OperationState::Done;
    std::string text = ledger_detail(run.entry);
    if (!detail.empty()) {
        text.append(": ").append(detail);
    }
    return run.ledger.write(run.record, "operation_done", text);
}

Status operation_undone(OperationRun& run) {
    OperationRecord forgotten;
    forgotten.kind = run.entry.kind;
    forgotten.collection = run.entry.collection;
    forgotten.state = OperationState::RolledBack;
    forgotten.ms = run.entry.ms;
    run.entry = std::move(forgotten);
    return run.ledger.write(run.record, "operation_rolled_back", ledger_detail(run.entry));
}

void tell_step(OperationRun& run, StepEvent::What what, std::string text, std::int64_t ms) {
    StepEvent event;
    event.what = what;
    event.collection = run.entry.collection;
    event.text = std::move(text);
    event.ms = ms;
    run.deployment.tell(event);
    if (what == StepEvent::What::Done || what == StepEvent::What::Undone) {
        ++run.outcome.steps;
    }
}

std::string backup_name(const OperationRun& run) {
    return name_with("_plumb_backup_", run);
}

std::string aside_name(const OperationRun& run) {
    return name_with("_plumb_dropped_", run);
}

}  // namespace plumb::migrate
