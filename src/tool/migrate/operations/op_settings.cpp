// SPDX-License-Identifier: GPL-3.0-or-later
// set_validator, set_options, hide_index, unhide_index: one collMod forwards, one back.
#include "bson/builder.h"
#include "tool/migrate/data/data_operation.h"
#include "tool/migrate/data/step.h"
#include "tool/migrate/operations/coll_mod.h"
#include "tool/migrate/operations/operations.h"

namespace plumb::migrate {
namespace {

struct Wanted {
    bson::Document settings;
    std::string what;
};

Wanted wanted_by(const project::Operation& operation) {
    const std::string& collection = operation.collection;
    if (const auto* hide = std::get_if<project::HideIndex>(&operation.body)) {
        return {hidden_setting(hide->name, true), "hid index " + hide->name};
    }
    if (const auto* unhide = std::get_if<project::UnhideIndex>(&operation.body)) {
        return {hidden_setting(unhide->name, false), "unhid index " + unhide->name};
    }
    if (const auto* options = std::get_if<project::SetOptions>(&operation.body)) {
        return {options->options, "set options of " + collection};
    }
    const auto& validator = std::get<project::SetValidator>(operation.body);
    bson::Builder out;
    out.append("validator", validator.validator);
    out.append("validationLevel", validator.level);
    out.append("validationAction", validator.action);
    return {out.finish(), "set the validator of " + collection};
}

Result<std::vector<Problem>> check(const Deployment& deployment,
                                   const project::Operation& operation) {
    return check_settings(deployment, operation.collection, wanted_by(operation).settings);
}

Status apply(OperationRun& run, const project::Operation& operation) {
    const Wanted wanted = wanted_by(operation);
    return apply_settings(run, wanted.settings, wanted.what);
}

Status preview(const Deployment& deployment,
               const project::Operation& operation,
               Outcome& outcome) {
    return preview_settings(
        deployment, operation.collection, wanted_by(operation).settings, outcome);
}

constexpr OperationHandler handler(std::string_view kind) {
    return {
        kind, check, apply, revert_settings, claim_data, preview, preview_revert_settings, true};
}

}  // namespace

const OperationHandler kHideIndex = handler("hide_index");
const OperationHandler kUnhideIndex = handler("unhide_index");
const OperationHandler kSetOptions = handler("set_options");
const OperationHandler kSetValidator = handler("set_validator");

}  // namespace plumb::migrate
