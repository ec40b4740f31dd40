// SPDX-License-Identifier: GPL-3.0-or-later
// rename_collection: forwards the new name, back the old one.
#include "bson/builder.h"
#include "tool/migrate/data/step.h"
#include "tool/migrate/deployment/collection_state.h"
#include "tool/migrate/operations/operations.h"

#include <fmt/format.h>

namespace plumb::migrate {
namespace {

const std::string& target_of(const project::Operation& operation) {
    return std::get<project::RenameCollection>(operation.body).to;
}

struct Both {
    bool from = false;
    bool to = false;
};

Result<Both> look(const Deployment& deployment, const std::string& from, const std::string& to) {
    PLUMB_TRY(source, collection_options(deployment, from));
    PLUMB_TRY(target, collection_options(deployment, to));
    return Both{source.has_value(), target.has_value()};
}

Result<std::vector<Problem>> check(const Deployment& deployment,
                                   const project::Operation& operation) {
    const std::string& from = operation.collection;
    const std::string& to = target_of(operation);
    PLUMB_TRY(there, look(deployment, from, to));
    std::vector<Problem> out;
    if (there.from && there.to) {
        out.push_back(collection_problem(
            "name_taken", from, fmt::format("{} cannot become {}: both are there", from, to)));
    } else if (!there.from && !there.to) {
        out.push_back(
            collection_problem("no_collection", from, fmt::format("{} is not there", from)));
    }
    return out;
}

Status apply(OperationRun& run, const project::Operation& operation) {
    const Deployment& deployment = run.deployment;
    const std::string& from = operation.collection;
    const std::string& to = target_of(operation);
    PLUMB_TRY(there, look(deployment, from, to));
    if (!there.from && run.entry.before.empty()) {
        tell_step(run, StepEvent::What::Exists, to);
        return finish_operation(run);
    }
    run.entry.before = document_of("to", to);
    PLUMB_CHECK(begin_operation(run));
    const Stopwatch watch{deployment.clock};
    if (there.from) {
        PLUMB_CHECK(rename_collection(deployment, from, to));
    }
    run.entry.ms += watch.ms();
    tell_step(run, StepEvent::What::Done, fmt::format("renamed {} to {}", from, to), watch.ms());
    return finish_operation(run);
}

Status revert(OperationRun& run) {
    const std::string& from = run.entry.collection;
    const std::string to = text_in(run.entry.before, "to");
    PLUMB_TRY(there, look(run.deployment, from, to));
    if (there.from && there.to) {
        return fail(ErrorCode::NamespaceExists,
                    fmt::format("{} cannot get its name {} back: there is a new one", to, from));
    }
    const Stopwatch watch{run.deployment.clock};
    if (there.to) {
        PLUMB_CHECK(rename_collection(run.deployment, to, from));
        tell_step(run,
                  StepEvent::What::Undone,
                  fmt::format("renamed {} back to {}", to, from),
                  watch.ms());
    }
    return operation_undone(run);
}

Status claim(const Deployment& /*deployment*/, OperationRecord& /*entry*/) {
    return {};
}

Status preview(const Deployment& deployment,
               const project::Operation& operation,
               Outcome& outcome) {
    PLUMB_TRY(there, look(deployment, operation.collection, target_of(operation)));
    if (there.from) {
        deployment.tell(WouldSend{
            "admin", rename_command(deployment, operation.collection, target_of(operation))});
        ++outcome.steps;
    }
    return {};
}

Status preview_revert(const Deployment& deployment,
                      const OperationRecord& entry,
                      Outcome& outcome) {
    if (!entry.before.empty()) {
        deployment.tell(WouldSend{
            "admin", rename_command(deployment, text_in(entry.before, "to"), entry.collection)});
        ++outcome.steps;
    }
    return {};
}

}  // namespace

const OperationHandler kRenameCollection{
    "rename_collection", check, apply, revert, claim, preview, preview_revert};

}  // namespace plumb::migrate
