// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/operations/coll_mod.h"

#include "bson/builder.h"
#include "bson/compare.h"
#include "tool/migrate/data/step.h"
#include "tool/migrate/deployment/collection_state.h"
#include "tool/migrate/index/index_plan.h"

#include <fmt/format.h>

namespace plumb::migrate {
namespace {

// What a setting is where the server lists none; Missing: that cannot be known.
bson::Value default_of(std::string_view setting) {
    if (setting == "validator") {
        return bson::Value{bson::Type::Document, bson::Document{}.bytes()};
    }
    if (setting == "validationLevel") {
        return bson::Value{"strict"};
    }
    if (setting == "validationAction") {
        return bson::Value{"error"};
    }
    if (setting == "changeStreamPreAndPostImages") {
        const bson::Document off = document_of("enabled", false);
        return bson::Value{off.view().as_value()};
    }
    return {};
}

// {name, …}: the parts of `wanted` as the index has them.
Result<bson::Document> index_now(const Deployment& deployment,
                                 const std::string& collection,
                                 bson::View wanted) {
    const std::string name = text_in(wanted, "name");
    PLUMB_TRY(indexes, indexes_of(deployment.client, deployment.database, collection));
    const project::IndexDefinition* found = find_index(indexes, name);
    if (found == nullptr) {
        return fail(ErrorCode::IndexNotFound,
                    fmt::format("there is no index {} on {}", name, collection));
    }
    bson::Builder out;
    out.append("name", name);
    for (const bson::Element& each : wanted) {
        if (each.name == "hidden") {
            out.append("hidden", found->hidden);
        } else if (each.name == "expireAfterSeconds" && found->expire_after.has_value()) {
            out.append("expireAfterSeconds", *found->expire_after);
        } else if (each.name != "name") {
            return fail(ErrorCode::InvalidOptions,
                        fmt::format("the former {} of {}.{} is not known; without it there is no "
                                    "way back",
                                    each.name,
                                    collection,
                                    name));
        }
    }
    return out.finish();
}

bool same(bson::View a, bson::View b) {
    return bson::compare(a, b) == 0;
}

}  // namespace

Result<bson::Document> settings_now(const Deployment& deployment,
                                    const std::string& collection,
                                    bson::View wanted) {
    PLUMB_TRY(options, collection_options(deployment, collection));
    if (!options.has_value()) {
        return fail(ErrorCode::NamespaceNotFound, collection + " is not there");
    }
    bson::Builder out;
    for (const bson::Element& each : wanted) {
        if (each.name == "index" && each.value.type() == bson::Type::Document) {
            PLUMB_TRY(index, index_now(deployment, collection, each.value.as_document()));
            out.append("index", index);
            continue;
        }
        const bson::ValueView there = options->find(each.name);
        const bson::Value value = there.missing() ? default_of(each.name) : bson::Value{there};
        if (value.missing()) {
            return fail(ErrorCode::InvalidOptions,
                        fmt::format("the former {} of {} is not known; without it there is no way "
                                    "back",
                                    each.name,
                                    collection));
        }
        out.append(each.name, value);
    }
    return out.finish();
}

Result<std::vector<Problem>> check_settings(const Deployment& deployment,
                                            const std::string& collection,
                                            bson::View wanted) {
    std::vector<Problem> out;
    const auto now = settings_now(deployment, collection, wanted);
    if (now.ok()) {
        return out;
    }
    const ErrorCode code = now.error().code();
    if (code == ErrorCode::NamespaceNotFound) {
        out.push_back(collection_problem("no_collection", collection, now.error().message()));
    } else if (code == ErrorCode::IndexNotFound) {
        out.push_back(collection_problem("no_index", collection, now.error().message()));
    } else if (code == ErrorCode::InvalidOptions) {
        out.push_back(collection_problem("no_way_back", collection, now.error().message()));
    } else {
        return now.error();
    }
    return out;
}

Status apply_settings(OperationRun& run, bson::View wanted, const std::string& what) {
    const Deployment& deployment = run.deployment;
    const std::string& collection = run.entry.collection;
    PLUMB_TRY(now, settings_now(deployment, collection, wanted));
    if (same(now, wanted) && run.entry.before.empty()) {
        tell_step(run, StepEvent::What::Exists, what + ": is so already");
        return finish_operation(run);
    }
    if (run.entry.before.empty()) {
        bson::Builder before;
        before.append("was", now);
        before.append("set", wanted);
        run.entry.before = before.finish();
    }
    PLUMB_CHECK(begin_operation(run));
    const Stopwatch watch{deployment.clock};
    PLUMB_CHECK(deployment.client.command(deployment.database, coll_mod_command(collection, wanted))
                    .context(what));
    PLUMB_TRY(after, settings_now(deployment, collection, wanted));
    if (!same(after, wanted)) {
        return fail(ErrorCode::OperationFailed, what + ": the server took it and did not do it");
    }
    run.entry.ms += watch.ms();
    tell_step(run, StepEvent::What::Done, what, watch.ms());
    return finish_operation(run);
}

Status revert_settings(OperationRun& run) {
    const Deployment& deployment = run.deployment;
    const bson::View was = document_in(run.entry.before, "was");
    const bson::View set = document_in(run.entry.before, "set");
    const auto now = settings_now(deployment, run.entry.collection, set);
    if (!now.ok() && (now.error().code() == ErrorCode::NamespaceNotFound ||
                      now.error().code() == ErrorCode::IndexNotFound)) {
        tell_step(run, StepEvent::What::Kept, now.error().message());
        return operation_undone(run);
    }
    PLUMB_CHECK(Result<bson::Document>{now});
    if (same(*now, was)) {
        return operation_undone(run);
    }
    if (!same(*now, set)) {
        tell_step(run,
                  StepEvent::What::Kept,
                  "the options of " + run.entry.collection + " were changed since");
        return operation_undone(run);
    }
    const Stopwatch watch{deployment.clock};
    PLUMB_CHECK(
        deployment.client.command(deployment.database, coll_mod_command(run.entry.collection, was))
            .context("setting the former options of " + run.entry.collection));
    tell_step(run,
              StepEvent::What::Undone,
              "set the former options of " + run.entry.collection,
              watch.ms());
    return operation_undone(run);
}

Status preview_settings(const Deployment& deployment,
                        const std::string& collection,
                        bson::View wanted,
                        Outcome& outcome) {
    const auto now = settings_now(deployment, collection, wanted);
    if (!now.ok() || !same(*now, wanted)) {
        deployment.tell(WouldSend{deployment.database, coll_mod_command(collection, wanted)});
        ++outcome.steps;
    }
    return {};
}

Status preview_revert_settings(const Deployment& deployment,
                               const OperationRecord& entry,
                               Outcome& outcome) {
    if (!entry.before.empty()) {
        deployment.tell(
            WouldSend{deployment.database,
                      coll_mod_command(entry.collection, document_in(entry.before, "was"))});
        ++outcome.steps;
    }
    return {};
}

bson::Document hidden_setting(const std::string& index, bool hidden) {
    bson::Builder out;
    out.begin_document("index");
    out.append("name", index);
    out.append("hidden", hidden);
    out.end();
    return out.finish();
}

bson::Document coll_mod_command(const std::string& collection, bson::View settings) {
    bson::Builder out;
    out.append("collMod", collection);
    out.append_all(settings);
    return out.finish();
}

}  // namespace plumb::migrate
