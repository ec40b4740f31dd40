// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/operations/replace_indexes.h"

#include "bson/builder.h"
#include "tool/migrate/index/helper_index.h"
#include "tool/migrate/operations/coll_mod.h"
#include "tool/migrate/operations/operations.h"

#include <fmt/format.h>

#include <thread>

namespace plumb::migrate {
namespace {

constexpr std::string_view kCoverForwards = "_plumb_cover";
constexpr std::string_view kCoverBack = "_plumb_cover_back";
constexpr std::size_t kKeyFieldsMax = 32;
constexpr std::chrono::milliseconds kNap{100};

bool can_be_covered(const project::IndexDefinition& index) {
    for (const bson::Element& each : index.key) {
        if (!each.value.is_number()) {
            return false;
        }
    }
    return index.key.view().count() < kKeyFieldsMax;
}

bool is_refusal(ErrorCode code) {
    return code == ErrorCode::InvalidOptions || code == ErrorCode::BadValue ||
           code == ErrorCode::CommandNotSupported || code == ErrorCode::FailedToParse ||
           code == ErrorCode::InvalidIndexSpecificationOption || code == ErrorCode{40415};
}

// The recorded indexes of which none is there now.
std::vector<project::IndexDefinition> gone(const std::vector<project::IndexDefinition>& recorded,
                                           const std::vector<project::IndexDefinition>& existing) {
    std::vector<project::IndexDefinition> out;
    for (const project::IndexDefinition& each : recorded) {
        const project::IndexDefinition* there = find_index(existing, each.name);
        project::IndexDefinition shown = each;
        shown.hidden = there != nullptr && there->hidden;
        if (there == nullptr || !project::differences(shown, *there).empty()) {
            out.push_back(each);
        }
    }
    return out;
}

Status unhide_those_there(const Deployment& deployment,
                          const std::string& collection,
                          const std::vector<project::IndexDefinition>& recorded) {
    PLUMB_TRY(existing, indexes_of(deployment.client, deployment.database, collection));
    for (const project::IndexDefinition& each : recorded) {
        const project::IndexDefinition* there = find_index(existing, each.name);
        if (there != nullptr && there->hidden && !each.hidden) {
            PLUMB_CHECK(set_hidden(deployment, collection, each.name, false));
        }
    }
    return {};
}

void tell(const Deployment& deployment,
          IndexEvent::What what,
          const std::string& collection,
          const project::IndexDefinition& index,
          std::string detail) {
    IndexEvent event;
    event.what = what;
    event.collection = collection;
    event.name = index.name;
    event.unique = index.unique;
    event.detail = std::move(detail);
    deployment.tell(event);
}

struct Hidden {
    std::string collection;
    std::string index;
};

Status wait_or_unhide(const Deployment& deployment, const std::vector<Hidden>& hidden) {
    const auto until = deployment.clock.monotonic() + deployment.options.soak;
    while (deployment.clock.monotonic() < until) {
        if (Status stop = deployment.interrupt.check_now(); !stop.ok()) {
            for (const Hidden& each : hidden) {
                PLUMB_CHECK(set_hidden(deployment, each.collection, each.index, false));
            }
            deployment.tell(Note{"the hidden indexes are visible again; nothing was dropped"});
            return stop;
        }
        std::this_thread::sleep_for(kNap);
    }
    return {};
}

}  // namespace

std::vector<HelperIndex> covers_of(const std::string& collection,
                                   const std::vector<project::IndexDefinition>& indexes,
                                   Cover direction) {
    const std::string field{direction == Cover::Forwards ? kCoverForwards : kCoverBack};
    std::vector<HelperIndex> out;
    for (const project::IndexDefinition& index : indexes) {
        if (!can_be_covered(index)) {
            continue;
        }
        HelperIndex cover;
        cover.collection = collection;
        cover.index.name = field + "_" + index.name;
        bson::Builder key;
        key.append_all(index.key);
        key.append(field, 1);
        cover.index.key = key.finish();
        cover.index.partial = index.partial;
        // Collation, if it has one: a stand-in that compares otherwise stands in for nothing.
        cover.index.other = index.other;
        out.push_back(std::move(cover));
    }
    return out;
}

std::vector<project::IndexDefinition> in_the_way(
    const std::vector<IndexStep>& steps, const std::vector<project::IndexDefinition>& existing) {
    std::vector<project::IndexDefinition> out;
    const auto add = [&](const project::IndexDefinition& index) {
        if (find_index(out, index.name) == nullptr) {
            out.push_back(index);
        }
    };
    for (const IndexStep& step : steps) {
        if (step.what != IndexStep::What::Conflict) {
            continue;
        }
        for (const project::IndexDefinition& each : existing) {
            if (each.name == step.wanted.name || project::same_key(each.key, step.wanted.key)) {
                add(each);
            }
        }
    }
    return out;
}

Result<bool> set_hidden(const Deployment& deployment,
                        const std::string& collection,
                        const std::string& index,
                        bool hidden) {
    const auto reply = deployment.client.command(
        deployment.database, coll_mod_command(collection, hidden_setting(index, hidden)));
    if (reply.ok()) {
        return true;
    }
    if (is_refusal(reply.error().code())) {
        return false;
    }
    return Result<bool>{reply.error()}.context("hiding " + collection + "." + index);
}

Status take_out_of_the_way(OperationRun& run) {
    const Deployment& deployment = run.deployment;
    const std::string& collection = run.entry.collection;
    if (run.entry.replaced.empty()) {
        return {};
    }
    PLUMB_CHECK(build_helpers(deployment, run.entry.helpers, OnInterrupt::KillBuild));
    PLUMB_TRY(existing, indexes_of(deployment.client, deployment.database, collection));
    std::vector<std::string> names;
    for (const project::IndexDefinition& old : run.entry.replaced) {
        const project::IndexDefinition* there = find_index(existing, old.name);
        project::IndexDefinition shown = old;
        shown.hidden = there != nullptr && there->hidden;
        if (there == nullptr || !project::differences(shown, *there).empty()) {
            continue;
        }
        PLUMB_CHECK(set_hidden(deployment, collection, old.name, true));
        names.push_back(old.name);
    }
    if (names.empty()) {
        return {};
    }
    PLUMB_CHECK(drop_indexes(deployment, collection, names));
    for (const std::string& name : names) {
        tell(deployment,
             IndexEvent::What::Dropped,
             collection,
             *find_index(run.entry.replaced, name),
             "replaced");
    }
    return {};
}

Status bring_back(OperationRun& run, const std::vector<std::string>& names) {
    const Deployment& deployment = run.deployment;
    const std::string& collection = run.entry.collection;
    PLUMB_CHECK(build_helpers(
        deployment, covers_of(collection, run.entry.replaced, Cover::Back), OnInterrupt::Ignore));
    if (!names.empty()) {
        PLUMB_CHECK(drop_indexes(deployment, collection, names));
    }
    PLUMB_TRY(existing, indexes_of(deployment.client, deployment.database, collection));
    const std::vector<project::IndexDefinition> missing = gone(run.entry.replaced, existing);
    if (!missing.empty()) {
        PLUMB_CHECK(build_indexes(deployment, collection, missing, OnInterrupt::Ignore));
        for (const project::IndexDefinition& each : missing) {
            tell(deployment, IndexEvent::What::Created, collection, each, "as it was");
            ++run.outcome.created;
        }
    }
    PLUMB_CHECK(unhide_those_there(deployment, collection, run.entry.replaced));
    PLUMB_CHECK(drop_helpers(deployment, covers_of(collection, run.entry.replaced, Cover::Back)));
    return drop_helpers(deployment, run.entry.helpers);
}

Status soak(const Deployment& deployment, const Record& record) {
    if (deployment.options.soak.count() == 0) {
        return {};
    }
    std::vector<Hidden> hidden;
    for (const OperationRecord& entry : record.operations) {
        if (entry.kind != kCreateIndexes.kind) {
            continue;
        }
        PLUMB_TRY(existing, indexes_of(deployment.client, deployment.database, entry.collection));
        for (const project::IndexDefinition& index : entry.owned) {
            if (!has_index(existing, index) || index.hidden) {
                continue;
            }
            PLUMB_TRY(done, set_hidden(deployment, entry.collection, index.name, true));
            if (!done) {
                deployment.tell(Note{"this server cannot hide indexes; they are dropped at once"});
                return {};
            }
            hidden.push_back({entry.collection, index.name});
        }
    }
    if (hidden.empty()) {
        return {};
    }
    deployment.tell(Note{fmt::format(
        "{} indexes are hidden; they are dropped in {} s, and Ctrl-C until then brings them back",
        hidden.size(),
        deployment.options.soak.count())});
    return wait_or_unhide(deployment, hidden);
}

}  // namespace plumb::migrate
