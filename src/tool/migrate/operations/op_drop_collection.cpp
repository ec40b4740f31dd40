// SPDX-License-Identifier: GPL-3.0-or-later
// drop_collection: forwards a name aside, back the old one. `plumb migrate prune` makes it final.
#include "bson/builder.h"
#include "tool/migrate/data/data_operation.h"
#include "tool/migrate/data/step.h"
#include "tool/migrate/deployment/collection_state.h"
#include "tool/migrate/operations/operations.h"

#include <fmt/format.h>

namespace plumb::migrate {
namespace {

Result<std::vector<Problem>> check(const Deployment& /*deployment*/,
                                   const project::Operation& /*operation*/) {
    return std::vector<Problem>{};
}

Status apply(OperationRun& run, const project::Operation& operation) {
    const Deployment& deployment = run.deployment;
    const std::string& name = operation.collection;
    PLUMB_TRY(found, collection_options(deployment, name));
    if (!found.has_value() && run.entry.backup.empty()) {
        tell_step(run, StepEvent::What::Exists, name + " is not there");
        return finish_operation(run);
    }
    if (run.entry.backup.empty()) {
        run.entry.backup = aside_name(run);
        run.entry.before = document_of("aside", run.entry.backup);
    }
    PLUMB_CHECK(begin_operation(run));
    const Stopwatch watch{deployment.clock};
    if (found.has_value()) {
        PLUMB_CHECK(rename_collection(deployment, name, run.entry.backup));
    }
    run.entry.ms += watch.ms();
    tell_step(run,
              StepEvent::What::Done,
              fmt::format("dropped collection {}; kept as {} until `plumb migrate prune`",
                          name,
                          run.entry.backup),
              watch.ms());
    return finish_operation(run);
}

Status revert(OperationRun& run) {
    PLUMB_CHECK(refuse_pruned(run.entry));
    const Deployment& deployment = run.deployment;
    const std::string& name = run.entry.collection;
    const std::string& aside = run.entry.backup;
    PLUMB_TRY(found, collection_options(deployment, name));
    PLUMB_TRY(kept, collection_options(deployment, aside));
    if (found.has_value() && kept.has_value()) {
        return fail(ErrorCode::NamespaceExists,
                    fmt::format("{} cannot come back from {}: there is a new one", name, aside));
    }
    if (!found.has_value() && !kept.has_value()) {
        return fail(ErrorCode::NamespaceNotFound,
                    fmt::format("{} cannot come back: {} is gone", name, aside));
    }
    const Stopwatch watch{deployment.clock};
    if (kept.has_value()) {
        PLUMB_CHECK(rename_collection(deployment, aside, name));
        tell_step(run, StepEvent::What::Undone, "brought " + name + " back", watch.ms());
    }
    return operation_undone(run);
}

Status preview(const Deployment& deployment,
               const project::Operation& operation,
               Outcome& outcome) {
    PLUMB_TRY(found, collection_options(deployment, operation.collection));
    if (found.has_value()) {
        deployment.tell(WouldSend{
            "admin",
            rename_command(
                deployment, operation.collection, "_plumb_dropped_" + operation.collection)});
        ++outcome.steps;
    }
    return {};
}

Status preview_revert(const Deployment& deployment,
                      const OperationRecord& entry,
                      Outcome& outcome) {
    PLUMB_CHECK(refuse_pruned(entry));
    if (!entry.backup.empty()) {
        deployment.tell(
            WouldSend{"admin", rename_command(deployment, entry.backup, entry.collection)});
        ++outcome.steps;
    }
    return {};
}

}  // namespace

const OperationHandler kDropCollection{
    "drop_collection", check, apply, revert, claim_data, preview, preview_revert};

}  // namespace plumb::migrate
