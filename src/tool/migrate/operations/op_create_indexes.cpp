// SPDX-License-Identifier: GPL-3.0-or-later
// create_indexes: forwards one createIndexes, back the drop of exactly what this migration made.
#include "tool/migrate/data/step.h"
#include "tool/migrate/index/build.h"
#include "tool/migrate/index/helper_index.h"
#include "tool/migrate/index/index_plan.h"
#include "tool/migrate/index/precheck.h"
#include "tool/migrate/index/unique_convert.h"
#include "tool/migrate/operations/operations.h"
#include "tool/migrate/operations/replace_indexes.h"

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

const project::CreateIndexes& body_of(const project::Operation& operation) {
    return std::get<project::CreateIndexes>(operation.body);
}

// With `on_conflict: replace` what is in the way is no obstacle.
std::vector<IndexStep> steps_of(const project::Operation& operation,
                                const std::vector<project::IndexDefinition>& existing) {
    return plan_indexes(body_of(operation).indexes, existing);
}

bool replaces(const project::Operation& operation) {
    return body_of(operation).on_conflict == project::OnConflict::Replace;
}

Result<std::vector<Problem>> check(const Deployment& deployment,
                                   const project::Operation& operation) {
    PLUMB_TRY(existing, indexes_now(deployment, operation.collection));
    std::vector<IndexStep> steps = steps_of(operation, existing);
    for (IndexStep& step : steps) {
        if (replaces(operation) && step.what == IndexStep::What::Conflict &&
            step.found_name != "_id_") {
            step.what = IndexStep::What::Create;
        }
    }
    return find_problems(deployment, operation.collection, steps, existing);
}

Status build(OperationRun& run,
             const std::vector<project::IndexDefinition>& create,
             const bson::Value& commit_quorum) {
    OperationRecord& entry = run.entry;
    PLUMB_TRY(ms,
              build_indexes(
                  run.deployment, entry.collection, create, OnInterrupt::KillBuild, commit_quorum));
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

// What is there and stays is told; what is in the way and may not go is an error.
Status sort_out(OperationRun& run,
                const project::Operation& operation,
                const std::vector<IndexStep>& steps) {
    for (const IndexStep& step : steps) {
        if (step.what == IndexStep::What::Conflict && !replaces(operation)) {
            return fail(ErrorCode::IndexOptionsConflict,
                        operation.collection + "." + step.wanted.name +
                            " was created by somebody else meanwhile, differently: " +
                            project::describe(step.differences));
        }
        if (step.what == IndexStep::What::Exists) {
            tell_existing(run.deployment, operation.collection, step);
            ++run.outcome.existed;
        }
    }
    return {};
}

// The steps whose index can be made unique where it is.
Result<std::vector<IndexStep>> convertible(const Deployment& deployment,
                                           const std::vector<IndexStep>& steps) {
    std::vector<IndexStep> out;
    for (const IndexStep& step : steps) {
        if (!differs_in_unique_only(step) || step.found_name != step.wanted.name) {
            continue;
        }
        PLUMB_TRY(can, can_convert_to_unique(deployment, step));
        if (can) {
            out.push_back(step);
        }
    }
    return out;
}

// The ledger is told what goes, and what stands in for what cannot be converted in place.
void remember_replaced(OperationRecord& entry,
                       const std::vector<project::IndexDefinition>& old,
                       const std::vector<IndexStep>& steps,
                       const std::vector<IndexStep>& converted) {
    std::vector<project::IndexDefinition> wanted;
    for (const IndexStep& step : steps) {
        const bool stays =
            std::any_of(converted.begin(), converted.end(), [&step](const IndexStep& each) {
                return each.wanted.name == step.wanted.name;
            });
        if (step.what == IndexStep::What::Conflict && !stays) {
            wanted.push_back(step.wanted);
        }
    }
    for (const project::IndexDefinition& each : old) {
        if (find_index(entry.replaced, each.name) == nullptr) {
            entry.replaced.push_back(each);
        }
    }
    entry.helpers = covers_of(entry.collection, wanted, Cover::Forwards);
}

// The wanted definitions that are not there, those with something in the way included.
std::vector<project::IndexDefinition> to_make(std::vector<IndexStep> steps) {
    for (IndexStep& step : steps) {
        step.what = step.what == IndexStep::What::Conflict ? IndexStep::What::Create : step.what;
    }
    return to_create(steps);
}

Status apply(OperationRun& run, const project::Operation& operation) {
    OperationRecord& entry = run.entry;
    PLUMB_TRY(existing, indexes_now(run.deployment, operation.collection));
    const std::vector<IndexStep> steps = steps_of(operation, existing);
    PLUMB_CHECK(sort_out(run, operation, steps));
    const std::vector<project::IndexDefinition> create = to_make(steps);
    if (!create.empty()) {
        entry.intended = create;
        const std::vector<project::IndexDefinition> old = in_the_way(steps, existing);
        std::vector<IndexStep> converted;
        if (!old.empty()) {
            PLUMB_TRY(in_place, convertible(run.deployment, steps));
            converted = in_place;
            remember_replaced(entry, old, steps, converted);
        }
        PLUMB_CHECK(begin_operation(run));
        for (const IndexStep& step : converted) {
            PLUMB_CHECK(convert_to_unique(run.deployment, entry.collection, step));
        }
        PLUMB_CHECK(take_out_of_the_way(run));
        PLUMB_CHECK(build(run, create, body_of(operation).commit_quorum));
    }
    if (create.empty() && entry.state == OperationState::Done) {
        return {};
    }
    PLUMB_CHECK(drop_helpers(run.deployment, entry.helpers));
    entry.helpers.clear();
    entry.intended.clear();
    return finish_operation(run);
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
            project::IndexDefinition shown = index;
            // One that was hidden before it is dropped is still the same.
            shown.hidden = there != nullptr && there->hidden;
            if (there != nullptr && project::differences(shown, *there).empty()) {
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
    const Stopwatch watch{run.deployment.clock};
    if (!run.entry.replaced.empty()) {
        PLUMB_CHECK(bring_back(run, names));
    } else if (!names.empty()) {
        PLUMB_CHECK(drop_indexes(run.deployment, run.entry.collection, names));
    }
    const std::int64_t ms = watch.ms();
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
    return operation_undone(run);
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

void preview_replacing(const Deployment& deployment,
                       const std::string& collection,
                       const std::vector<IndexStep>& steps,
                       const std::vector<project::IndexDefinition>& existing) {
    std::vector<std::string> names;
    for (const project::IndexDefinition& each : in_the_way(steps, existing)) {
        names.push_back(each.name);
    }
    if (names.empty()) {
        return;
    }
    std::vector<project::IndexDefinition> wanted;
    for (const IndexStep& step : steps) {
        if (step.what == IndexStep::What::Conflict) {
            wanted.push_back(step.wanted);
        }
    }
    std::vector<project::IndexDefinition> covers;
    for (const HelperIndex& each : covers_of(collection, wanted, Cover::Forwards)) {
        covers.push_back(each.index);
    }
    if (!covers.empty()) {
        deployment.tell(WouldSend{deployment.database, create_command(collection, covers)});
    }
    deployment.tell(WouldSend{deployment.database, drop_command(collection, names)});
}

Status preview(const Deployment& deployment,
               const project::Operation& operation,
               Outcome& outcome) {
    PLUMB_TRY(existing, indexes_now(deployment, operation.collection));
    const std::vector<IndexStep> steps = steps_of(operation, existing);
    for (const IndexStep& step : steps) {
        if (step.what == IndexStep::What::Exists) {
            tell_existing(deployment, operation.collection, step);
            ++outcome.existed;
        }
    }
    std::vector<project::IndexDefinition> create = to_create(steps);
    if (replaces(operation)) {
        preview_replacing(deployment, operation.collection, steps, existing);
        create = to_make(steps);
    }
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
    "create_indexes", check, apply, revert, claim, preview, preview_revert, false};

}  // namespace plumb::migrate
