// SPDX-License-Identifier: GPL-3.0-or-later
// native: a class of native/, forwards its up() and verify(), back its down().
#include "bson/builder.h"
#include "tool/migrate/data/data_operation.h"
#include "tool/migrate/data/step.h"
#include "tool/migrate/native/native.h"
#include "tool/migrate/operations/operations.h"

#include <fmt/format.h>

namespace plumb::migrate {
namespace {

const std::string& class_of(const project::Operation& operation) {
    return std::get<project::Native>(operation.body).class_name;
}

Error unknown_class(const std::string& name) {
    std::string known;
    for (const std::string_view each : native_names()) {
        known.append(known.empty() ? "" : ", ").append(each);
    }
    return fail(ErrorCode::ProjectFileInvalid,
                fmt::format("there is no native migration {}; there are {}", name, known));
}

Result<std::vector<Problem>> check(const Deployment& /*deployment*/,
                                   const project::Operation& operation) {
    if (make_native(class_of(operation)) == nullptr) {
        return project::fail_at(operation.position, unknown_class(class_of(operation)).message());
    }
    return std::vector<Problem>{};
}

Status apply(OperationRun& run, const project::Operation& operation) {
    const auto native = make_native(class_of(operation));
    if (native == nullptr) {
        return unknown_class(class_of(operation));
    }
    run.entry.collection = native->collection();
    PLUMB_TRY(data, native->up(run.deployment));
    data.before = document_of("class", class_of(operation));
    data.at_the_end = [&]() -> Status {
        PLUMB_TRY(problems, native->verify(run.deployment));
        return refuse(problems);
    };
    return run_data(run, data);
}

Status revert(OperationRun& run) {
    const std::string name = text_in(run.entry.before, "class");
    const auto native = make_native(name);
    if (native == nullptr) {
        return unknown_class(name);
    }
    return native->down(run);
}

Status preview(const Deployment& deployment,
               const project::Operation& operation,
               Outcome& outcome) {
    const auto native = make_native(class_of(operation));
    if (native == nullptr) {
        return unknown_class(class_of(operation));
    }
    PLUMB_TRY(data, native->up(deployment));
    for (const Pass& pass : data.passes) {
        const bson::Document set = document_of("$set", document_of("…", class_of(operation)));
        PLUMB_CHECK(preview_data(
            deployment,
            pass.collection,
            pass.filter,
            update_command(pass.collection,
                           {update_statement(pass.filter, set.view().as_value(), true)},
                           false),
            outcome));
    }
    return {};
}

}  // namespace

const OperationHandler kNative{
    "native", check, apply, revert, claim_data, preview, preview_revert_data};

}  // namespace plumb::migrate
