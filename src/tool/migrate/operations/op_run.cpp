// SPDX-License-Identifier: GPL-3.0-or-later
// run: a command forwards and one back, as written. Nobody but their author knows what they do, so
// after a crash in between `down` runs first, and then `up` anew.
#include "bson/builder.h"
#include "tool/migrate/data/data_operation.h"
#include "tool/migrate/data/step.h"
#include "tool/migrate/operations/operations.h"

namespace plumb::migrate {
namespace {

const project::RunCommand& body_of(const project::Operation& operation) {
    return std::get<project::RunCommand>(operation.body);
}

std::string name_of(bson::View command) {
    return command.empty() ? std::string{} : std::string{command.front().name};
}

Status send(const Deployment& deployment, bson::View command) {
    PLUMB_CHECK(deployment.client.command(deployment.database, command)
                    .context("running " + name_of(command)));
    return {};
}

Result<std::vector<Problem>> check(const Deployment& /*deployment*/,
                                   const project::Operation& /*operation*/) {
    return std::vector<Problem>{};
}

Status apply(OperationRun& run, const project::Operation& operation) {
    const bool died = run.entry.state == OperationState::Applying;
    run.entry.before = document_of("down", body_of(operation).down);
    if (died) {
        run.deployment.tell(Note{"an earlier run ended during `run`; running its `down` first"});
        PLUMB_CHECK(send(run.deployment, body_of(operation).down));
    }
    PLUMB_CHECK(begin_operation(run));
    const Stopwatch watch{run.deployment.clock};
    PLUMB_CHECK(send(run.deployment, body_of(operation).up));
    run.entry.ms += watch.ms();
    tell_step(run, StepEvent::What::Done, "ran " + name_of(body_of(operation).up), watch.ms());
    return finish_operation(run);
}

Status revert(OperationRun& run) {
    const bson::View down = document_in(run.entry.before, "down");
    const Stopwatch watch{run.deployment.clock};
    PLUMB_CHECK(send(run.deployment, down));
    tell_step(run, StepEvent::What::Undone, "ran " + name_of(down), watch.ms());
    return operation_undone(run);
}

Status preview(const Deployment& deployment,
               const project::Operation& operation,
               Outcome& outcome) {
    deployment.tell(WouldSend{deployment.database, body_of(operation).up});
    ++outcome.steps;
    return {};
}

Status preview_revert(const Deployment& deployment,
                      const OperationRecord& entry,
                      Outcome& outcome) {
    if (!entry.before.empty()) {
        deployment.tell(
            WouldSend{deployment.database, bson::Document{document_in(entry.before, "down")}});
        ++outcome.steps;
    }
    return {};
}

}  // namespace

const OperationHandler kRun{"run", check, apply, revert, claim_data, preview, preview_revert};

}  // namespace plumb::migrate
