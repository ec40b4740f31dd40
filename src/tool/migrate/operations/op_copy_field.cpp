// SPDX-License-Identifier: GPL-3.0-or-later
// copy_field: forwards the value of one field into another, back what the other was.
#include "bson/builder.h"
#include "tool/migrate/data/data_operation.h"
#include "tool/migrate/data/step.h"
#include "tool/migrate/operations/operations.h"

namespace plumb::migrate {
namespace {

const project::CopyField& body_of(const project::Operation& operation) {
    return std::get<project::CopyField>(operation.body);
}

// Documents that have the one and in which the other differs.
bson::Document filter_of(const project::CopyField& body) {
    bson::Builder out;
    out.begin_document(body.from).append("$exists", true).end();
    out.begin_document("$expr").begin_array("$ne");
    out.push("$" + body.from).push("$" + body.to).end().end();
    return both(body.filter, out.finish());
}

bson::Value update_of(const project::CopyField& body) {
    bson::Builder out;
    out.push_document().begin_document("$set");
    out.append(body.to, "$" + body.from).end().end();
    return out.finish_array();
}

Result<std::vector<Problem>> check(const Deployment& /*deployment*/,
                                   const project::Operation& /*operation*/) {
    return std::vector<Problem>{};
}

Status apply(OperationRun& run, const project::Operation& operation) {
    const project::CopyField& body = body_of(operation);
    Pass pass;
    pass.collection = operation.collection;
    pass.filter = filter_of(body);
    pass.projection = document_of(body.to, 1);
    pass.plan = [&](const std::vector<bson::Document>& documents) -> Result<Change> {
        Change out;
        for (const bson::Document& document : documents) {
            JournalEntry entry;
            entry.id = bson::Value{document.find("_id")};
            remember_field(entry, document, body.to);
            out.journal.push_back(std::move(entry));
        }
        out.command =
            update_batch(operation.collection, documents, filter_of(body), update_of(body));
        return out;
    };
    return run_data(
        run,
        {document_of("to", body.to), {pass}, "copied " + body.from + " to " + body.to + " in"});
}

Status revert(OperationRun& run) {
    return revert_data(run, back_as_it_was);
}

Status preview(const Deployment& deployment,
               const project::Operation& operation,
               Outcome& outcome) {
    const project::CopyField& body = body_of(operation);
    return preview_update(
        deployment, operation.collection, filter_of(body), update_of(body), outcome);
}

}  // namespace

const OperationHandler kCopyField{
    "copy_field", check, apply, revert, claim_data, preview, preview_revert_data};

}  // namespace plumb::migrate
