// SPDX-License-Identifier: GPL-3.0-or-later
// delete: forwards the documents into a backup and out of the collection, back the other way.
#include "bson/builder.h"
#include "tool/migrate/data/data_operation.h"
#include "tool/migrate/data/step.h"
#include "tool/migrate/operations/operations.h"

namespace plumb::migrate {
namespace {

const project::Delete& body_of(const project::Operation& operation) {
    return std::get<project::Delete>(operation.body);
}

bson::Document delete_command(const std::string& collection, bson::View q) {
    bson::Builder out;
    out.append("delete", collection);
    out.begin_array("deletes").push_document();
    out.append("q", q).append("limit", 0).end().end();
    return out.finish();
}

Result<std::vector<Problem>> check(const Deployment& /*deployment*/,
                                   const project::Operation& /*operation*/) {
    return std::vector<Problem>{};
}

Status apply(OperationRun& run, const project::Operation& operation) {
    const bson::Document& filter = body_of(operation).filter;
    Pass pass;
    pass.collection = operation.collection;
    pass.filter = filter;
    pass.projection = document_of("_id", 1);
    pass.plan = [&](const std::vector<bson::Document>& documents) -> Result<Change> {
        Change out;
        out.copies = ids_of(documents);
        out.command = delete_command(operation.collection, among_ids(out.copies, filter));
        return out;
    };
    return run_data(run, {document_of("filter", filter), {pass}, "deleted"});
}

Status revert(OperationRun& run) {
    return revert_copies(run, CopyMode::KeepTarget);
}

Status preview(const Deployment& deployment,
               const project::Operation& operation,
               Outcome& outcome) {
    const bson::Document& filter = body_of(operation).filter;
    return preview_data(deployment,
                        operation.collection,
                        filter,
                        delete_command(operation.collection, filter),
                        outcome);
}

}  // namespace

const OperationHandler kDelete{
    "delete", check, apply, revert, claim_data, preview, preview_revert_data};

}  // namespace plumb::migrate
