// SPDX-License-Identifier: GPL-3.0-or-later
// create_collection: forwards `create`, back the drop; what holds documents by then is renamed
// aside.
#include "bson/builder.h"
#include "bson/compare.h"
#include "bson/json.h"
#include "tool/migrate/data/batch_reader.h"
#include "tool/migrate/data/journal.h"
#include "tool/migrate/data/step.h"
#include "tool/migrate/deployment/collection_state.h"
#include "tool/migrate/operations/operations.h"

#include <fmt/format.h>

namespace plumb::migrate {
namespace {

const bson::Document& options_of(const project::Operation& operation) {
    return std::get<project::CreateCollection>(operation.body).options;
}

bson::Document create_command(const project::Operation& operation) {
    bson::Builder out;
    out.append("create", operation.collection);
    out.append_all(options_of(operation));
    return out.finish();
}

// The first wanted option that the collection does not have like that; empty if it has all.
std::string difference(bson::View wanted, bson::View found) {
    for (const bson::Element& each : wanted) {
        const bson::ValueView there = found.find(each.name);
        if (there.missing() || !bson::equal(there, each.value)) {
            return fmt::format("{}: wanted {}, found {}",
                               each.name,
                               bson::to_json(each.value),
                               there.missing() ? std::string{"-"} : bson::to_json(there));
        }
    }
    return "";
}

Result<std::vector<Problem>> check(const Deployment& deployment,
                                   const project::Operation& operation) {
    PLUMB_TRY(found, collection_options(deployment, operation.collection));
    std::vector<Problem> out;
    const std::string differs =
        found.has_value() ? difference(options_of(operation), *found) : std::string{};
    if (!differs.empty()) {
        out.push_back(collection_problem(
            "conflict",
            operation.collection,
            fmt::format("{} is there with other options ({})", operation.collection, differs)));
    }
    return out;
}

Status apply(OperationRun& run, const project::Operation& operation) {
    const Deployment& deployment = run.deployment;
    PLUMB_TRY(found, collection_options(deployment, operation.collection));
    if (found.has_value() && run.entry.before.empty()) {
        tell_step(run, StepEvent::What::Exists, operation.collection);
        return finish_operation(run);
    }
    run.entry.before = document_of("existed", false);
    PLUMB_CHECK(begin_operation(run));
    const Stopwatch watch{deployment.clock};
    const auto made = deployment.client.command(deployment.database, create_command(operation));
    if (!made.ok() && made.error().code() != ErrorCode::NamespaceExists) {
        return Result<bson::Document>{made}.context("creating " + operation.collection).error();
    }
    run.entry.ms += watch.ms();
    tell_step(run, StepEvent::What::Done, "created collection " + operation.collection, watch.ms());
    return finish_operation(run);
}

Status revert(OperationRun& run) {
    const Deployment& deployment = run.deployment;
    const std::string& name = run.entry.collection;
    PLUMB_TRY(found, collection_options(deployment, name));
    if (!found.has_value()) {
        tell_step(run, StepEvent::What::Exists, name + " is gone already");
        return operation_undone(run);
    }
    PLUMB_TRY(documents, count_documents(deployment, name, bson::View{}));
    const Stopwatch watch{deployment.clock};
    if (documents == 0) {
        PLUMB_CHECK(drop_collection(deployment, name));
        tell_step(run, StepEvent::What::Undone, "dropped collection " + name, watch.ms());
        return operation_undone(run);
    }
    const std::string aside = aside_name(run);
    PLUMB_CHECK(rename_collection(deployment, name, aside));
    tell_step(
        run,
        StepEvent::What::Undone,
        fmt::format(
            "took collection {} away; its {} are in {}", name, documents_text(documents), aside),
        watch.ms());
    return operation_undone(run);
}

Status claim(const Deployment& /*deployment*/, OperationRecord& /*entry*/) {
    return {};
}

Status preview(const Deployment& deployment,
               const project::Operation& operation,
               Outcome& outcome) {
    PLUMB_TRY(found, collection_options(deployment, operation.collection));
    if (!found.has_value()) {
        deployment.tell(WouldSend{deployment.database, create_command(operation)});
        ++outcome.steps;
    }
    return {};
}

Status preview_revert(const Deployment& deployment,
                      const OperationRecord& entry,
                      Outcome& outcome) {
    if (!entry.before.empty()) {
        deployment.tell(WouldSend{deployment.database, document_of("drop", entry.collection)});
        ++outcome.steps;
    }
    return {};
}

}  // namespace

const OperationHandler kCreateCollection{
    "create_collection", check, apply, revert, claim, preview, preview_revert};

}  // namespace plumb::migrate
