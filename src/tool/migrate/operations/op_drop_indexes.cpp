// SPDX-License-Identifier: GPL-3.0-or-later
// drop_indexes: forwards the drop, back the same definitions built again.
#include "tool/migrate/index/build.h"
#include "tool/migrate/index/index_plan.h"
#include "tool/migrate/operations/operations.h"

namespace plumb::migrate {
namespace {

struct Split {
    std::vector<project::IndexDefinition> present;
    std::vector<std::string> absent;
};

Result<Split> split(const Deployment& deployment, const project::Operation& operation) {
    PLUMB_TRY(existing, indexes_of(deployment.client, deployment.database, operation.collection));
    Split out;
    for (const std::string& name : std::get<project::DropIndexes>(operation.body).names) {
        if (const project::IndexDefinition* found = find_index(existing, name)) {
            out.present.push_back(*found);
        } else {
            out.absent.push_back(name);
        }
    }
    return out;
}

std::vector<std::string> names_of(const std::vector<project::IndexDefinition>& indexes) {
    std::vector<std::string> out;
    out.reserve(indexes.size());
    for (const project::IndexDefinition& index : indexes) {
        out.push_back(index.name);
    }
    return out;
}

void tell(const Deployment& deployment,
          const std::string& collection,
          const std::string& name,
          IndexEvent::What what,
          std::int64_t ms) {
    IndexEvent event;
    event.what = what;
    event.collection = collection;
    event.name = name;
    event.ms = ms;
    deployment.tell(event);
}

Result<std::vector<Problem>> check(const Deployment& /*deployment*/,
                                   const project::Operation& /*operation*/) {
    return std::vector<Problem>{};
}

Status apply(OperationRun& run, const project::Operation& operation) {
    PLUMB_TRY(found, split(run.deployment, operation));
    for (const std::string& name : found.absent) {
        tell(run.deployment, operation.collection, name, IndexEvent::What::Absent, 0);
    }
    if (!found.present.empty()) {
        run.entry.state = OperationState::Applying;
        run.entry.intended = found.present;
        PLUMB_CHECK(run.ledger.write(run.record, "operation_started", run.entry.collection));
        PLUMB_TRY(ms, drop_indexes(run.deployment, operation.collection, names_of(found.present)));
        run.entry.ms += ms;
        for (const project::IndexDefinition& index : found.present) {
            if (find_index(run.entry.owned, index.name) == nullptr) {
                run.entry.owned.push_back(index);
            }
            tell(run.deployment, operation.collection, index.name, IndexEvent::What::Dropped, ms);
            ++run.outcome.dropped;
        }
    }
    if (found.present.empty() && run.entry.state == OperationState::Done) {
        return {};
    }
    run.entry.intended.clear();
    run.entry.state = OperationState::Done;
    return run.ledger.write(run.record, "operation_done", run.entry.collection);
}

// The dropped definitions of which no index is there now.
Result<std::vector<project::IndexDefinition>> missing_now(const Deployment& deployment,
                                                          const OperationRecord& entry) {
    PLUMB_TRY(existing, indexes_of(deployment.client, deployment.database, entry.collection));
    std::vector<project::IndexDefinition> out;
    for (const auto* list : {&entry.owned, &entry.intended}) {
        for (const project::IndexDefinition& index : *list) {
            if (find_index(existing, index.name) == nullptr &&
                find_index(out, index.name) == nullptr) {
                out.push_back(index);
            }
        }
    }
    return out;
}

Status revert(OperationRun& run) {
    PLUMB_CHECK(wait_for_builds(run.deployment, run.entry.collection, OnInterrupt::Ignore));
    PLUMB_TRY(missing, missing_now(run.deployment, run.entry));
    if (!missing.empty()) {
        PLUMB_TRY(
            ms, build_indexes(run.deployment, run.entry.collection, missing, OnInterrupt::Ignore));
        for (const project::IndexDefinition& index : missing) {
            tell(run.deployment, run.entry.collection, index.name, IndexEvent::What::Created, ms);
            ++run.outcome.created;
        }
    }
    run.entry.owned.clear();
    run.entry.intended.clear();
    run.entry.state = OperationState::RolledBack;
    return run.ledger.write(run.record, "operation_rolled_back", run.entry.collection);
}

Status claim(const Deployment& /*deployment*/, OperationRecord& entry) {
    for (const project::IndexDefinition& index : entry.intended) {
        if (find_index(entry.owned, index.name) == nullptr) {
            entry.owned.push_back(index);
        }
    }
    entry.intended.clear();
    return {};
}

Status preview(const Deployment& deployment,
               const project::Operation& operation,
               Outcome& outcome) {
    PLUMB_TRY(found, split(deployment, operation));
    for (const std::string& name : found.absent) {
        tell(deployment, operation.collection, name, IndexEvent::What::Absent, 0);
    }
    outcome.dropped += static_cast<int>(found.present.size());
    if (!found.present.empty()) {
        deployment.tell(WouldSend{deployment.database,
                                  drop_command(operation.collection, names_of(found.present))});
    }
    return {};
}

Status preview_revert(const Deployment& deployment,
                      const OperationRecord& entry,
                      Outcome& outcome) {
    PLUMB_TRY(missing, missing_now(deployment, entry));
    outcome.created += static_cast<int>(missing.size());
    if (!missing.empty()) {
        deployment.tell(WouldSend{deployment.database, create_command(entry.collection, missing)});
    }
    return {};
}

}  // namespace

const OperationHandler kDropIndexes{
    "drop_indexes", check, apply, revert, claim, preview, preview_revert, false};

}  // namespace plumb::migrate
