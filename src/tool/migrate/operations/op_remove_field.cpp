// SPDX-License-Identifier: GPL-3.0-or-later
// remove_field: forwards $unset, back the old values in their old place.
#include "bson/builder.h"
#include "bson/path.h"
#include "tool/migrate/data/data_operation.h"
#include "tool/migrate/data/step.h"
#include "tool/migrate/operations/operations.h"

namespace plumb::migrate {
namespace {

const project::RemoveField& body_of(const project::Operation& operation) {
    return std::get<project::RemoveField>(operation.body);
}

// Documents that have one of the fields.
bson::Document filter_of(const project::RemoveField& body) {
    bson::Builder out;
    out.begin_array("$or");
    for (const std::string& field : body.fields) {
        out.push_document().begin_document(field).append("$exists", true).end().end();
    }
    out.end();
    return both(body.filter, out.finish());
}

bson::Document update_of(const project::RemoveField& body) {
    bson::Builder out;
    out.begin_document("$unset");
    for (const std::string& field : body.fields) {
        out.append(field, "");
    }
    out.end();
    return out.finish();
}

std::string names_of(const project::RemoveField& body) {
    std::string out;
    for (const std::string& field : body.fields) {
        out += (out.empty() ? "" : ", ") + field;
    }
    return out;
}

Result<std::vector<Problem>> check(const Deployment& /*deployment*/,
                                   const project::Operation& /*operation*/) {
    return std::vector<Problem>{};
}

Status apply(OperationRun& run, const project::Operation& operation) {
    const project::RemoveField& body = body_of(operation);
    Pass pass;
    pass.collection = operation.collection;
    pass.filter = filter_of(body);
    pass.plan = [&](const std::vector<bson::Document>& documents) -> Result<Change> {
        Change out;
        for (const bson::Document& document : documents) {
            JournalEntry entry;
            entry.id = bson::Value{document.find("_id")};
            for (const std::string& field : body.fields) {
                if (!bson::find_plain(document, field).missing()) {
                    remember_field(entry, document, field);
                }
            }
            remember_order(entry, document, body.fields);
            out.journal.push_back(std::move(entry));
        }
        out.command = update_batch(
            operation.collection, documents, filter_of(body), update_of(body).view().as_value());
        return out;
    };
    const std::string names = names_of(body);
    return run_data(run, {document_of("fields", names), {pass}, "removed " + names + " from"});
}

Status revert(OperationRun& run) {
    return revert_data(run, back_as_it_was);
}

Status preview(const Deployment& deployment,
               const project::Operation& operation,
               Outcome& outcome) {
    const bson::Document filter = filter_of(body_of(operation));
    const bson::Document update = update_of(body_of(operation));
    return preview_update(
        deployment, operation.collection, filter, update.view().as_value(), outcome);
}

}  // namespace

const OperationHandler kRemoveField{
    "remove_field", check, apply, revert, claim_data, preview, preview_revert_data};

}  // namespace plumb::migrate
