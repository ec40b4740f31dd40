// SPDX-License-Identifier: GPL-3.0-or-later
// create_indexes: forwards one createIndexes, back the drop of exactly what this migration made.
#include "tool/migrate/build.h"
#include "tool/migrate/index_plan.h"
#include "tool/migrate/operations.h"

#include <algorithm>

namespace plumb::migrate {
namespace {

Result<std::vector<project::IndexDefinition>> indexes_now(const Deployment& deployment,
                                                          const std::string& collection) {
    return indexes_of(deployment.client, deployment.database, collection);
}

void tell_existing(const Deployment& deployment,
                   const std::string& collection,
                   const IndexStep& step) {
    IndexEvent event;
    event.what = IndexEvent::What::Exists;
    event.collection = collection;
    event.name = step.wanted.name;
    event.unique = step.wanted.unique;
    if (step.found_name != step.wanted.name) {
        event.detail = "as " + step.found_name;
    }
    deployment.tell(event);
}

void add_owned(OperationRecord& entry, const project::IndexDefinition& index) {
    if (find_index(entry.owned, index.name) == nullptr) {
        entry.owned.push_back(index);
    }
}

Result<std::vector<Problem>> check(const Deployment& deployment,
                                   const project::Operation& operation) {
    PLUMB_TRY(existing, indexes_now(deployment, operation.collection));
    return find_problems(
        deployment,
        operation.collection,
        plan_indexes(std::get<project::CreateIndexes>(operation.body).indexes, existing),
        existing);
}

Status build(OperationRun& run, const std::vector<project::IndexDefinition>& create) {
    OperationRecord& entry = run.entry;
    PLUMB_TRY(ms, build_indexes(run.deployment, entry.collection, create, OnInterrupt::KillBuild));
    entry.ms += ms;
    const auto sizes = index_sizes(run.deployment, entry.collection);
    for (const project::IndexDefinition& index : create) {
        add_owned(entry, index);
        IndexEvent event;
        event.what = IndexEvent::What::Created;
        event.collection = entry.collection;
        event.name = index.name;
        event.unique = index.unique;
        event.ms = ms;
        event.together = static_cast<int>(create.size());
        if (const auto size = sizes.find(index.name); size != sizes.end()) {
            event.bytes = size->second;
        }
        run.deployment.tell(event);
        ++run.outcome.created;
    }
    return {};
}

Status apply(OperationRun& run, const project::Operation& operation) {
    const Deployment& deployment = run.deployment;
    PLUMB_TRY(existing, indexes_now(deployment, operation.collection));
    const std::vector<IndexStep> steps =
        plan_indexes(std::get<project::CreateIndexes>(operation.body).indexes, existing);
    for (const IndexStep& step : steps) {
        if (step.what == IndexStep::What::Conflict) {
            return fail(ErrorCode::IndexOptionsConflict,
                        operation.collection + "." + step.wanted.name +
                            " was created by somebody else meanwhile, differently: " +
                            project::describe(step.differences));
        }
        if (step.what == IndexStep::What::Exists) {
            tell_existing(deployment, operation.collection, step);
            ++run.outcome.existed;
        }
    }
    const std::vector<project::IndexDefinition> create = to_create(steps);
    if (!create.empty()) {
        run.entry.state = OperationState::Applying;
        run.entry.intended = create;
        PLUMB_CHECK(run.ledger.write(run.record, "operation_started", run.entry.collection));
        PLUMB_CHECK(build(run, create));
    }
    if (create.empty() && run.entry.state == OperationState::Done) {
        return {};
    }
    run.entry.intended.clear();
    run.entry.state = OperationState::Done;
    return run.ledger.write(run.record, "operation_done", run.entry.collection);
}

// What is to be dropped: owned or intended, and still what it was when it was made.
std::vector<std::string> own_work(const Deployment& deployment,
                                  const OperationRecord& entry,
                                  const std::vector<project::IndexDefinition>& existing) {
    std::vector<std::string> names;
    for (const auto* list : {&entry.owned, &entry.intended}) {
        for (const project::IndexDefinition& index : *list) {
            if (std::find(names.begin(), names.end(), index.name) != names.end()) {
                continue;
            }
            const project::IndexDefinition* there = find_index(existing, index.name);
            if (there != nullptr && project::differences(index, *there).empty()) {
                names.push_back(index.name);
                continue;
            }
            IndexEvent event;
            event.what = there == nullptr ? IndexEvent::What::Absent : IndexEvent::What::Kept;
            event.collection = entry.collection;
            event.name = index.name;
            event.detail =
                there == nullptr
                    ? "not there"
                    : "changed since: " + project::describe(project::differences(index, *there));
            // An intended index that is not there was never made; that is nobody's news.
            if (there != nullptr || list == &entry.owned) {
                deployment.tell(event);
            }
        }
    }
    return names;
}

Status revert(OperationRun& run) {
    PLUMB_CHECK(wait_for_builds(run.deployment, run.entry.collection, OnInterrupt::Ignore));
    PLUMB_TRY(existing, indexes_now(run.deployment, run.entry.collection));
    const std::vector<std::string> names = own_work(run.deployment, run.entry, existing);
    std::int64_t ms = 0;
    if (!names.empty()) {
        PLUMB_TRY(took, drop_indexes(run.deployment, run.entry.collection, names));
        ms = took;
    }
    for (const std::string& name : names) {
        IndexEvent event;
        event.what = IndexEvent::What::Dropped;
        event.collection = run.entry.collection;
        event.name = name;
        event.ms = ms;
        event.together = static_cast<int>(names.size());
        run.deployment.tell(event);
        ++run.outcome.dropped;
    }
    run.entry.owned.clear();
    run.entry.intended.clear();
    run.entry.state = OperationState::RolledBack;
    return run.ledger.write(run.record, "operation_rolled_back", run.entry.collection);
}

Status claim(const Deployment& deployment, OperationRecord& entry) {
    PLUMB_CHECK(wait_for_builds(deployment, entry.collection, OnInterrupt::KillBuild));
    PLUMB_TRY(existing, indexes_now(deployment, entry.collection));
    for (const project::IndexDefinition& index : entry.intended) {
        if (has_index(existing, index)) {
            add_owned(entry, index);
        }
    }
    entry.intended.clear();
    return {};
}

Status preview(const Deployment& deployment,
               const project::Operation& operation,
               Outcome& outcome) {
    PLUMB_TRY(existing, indexes_now(deployment, operation.collection));
    const std::vector<IndexStep> steps =
        plan_indexes(std::get<project::CreateIndexes>(operation.body).indexes, existing);
    for (const IndexStep& step : steps) {
        if (step.what == IndexStep::What::Exists) {
            tell_existing(deployment, operation.collection, step);
            ++outcome.existed;
        }
    }
    const std::vector<project::IndexDefinition> create = to_create(steps);
    outcome.created += static_cast<int>(create.size());
    if (!create.empty()) {
        deployment.tell(
            WouldSend{deployment.database, create_command(operation.collection, create)});
    }
    return {};
}

Status preview_revert(const Deployment& deployment,
                      const OperationRecord& entry,
                      Outcome& outcome) {
    PLUMB_TRY(existing, indexes_now(deployment, entry.collection));
    const std::vector<std::string> names = own_work(deployment, entry, existing);
    outcome.dropped += static_cast<int>(names.size());
    if (!names.empty()) {
        deployment.tell(WouldSend{deployment.database, drop_command(entry.collection, names)});
    }
    return {};
}

}  // namespace

const OperationHandler kCreateIndexes{
    "create_indexes", check, apply, revert, claim, preview, preview_revert};

}  // namespace plumb::migrate
