// SPDX-License-Identifier: GPL-3.0-or-later
// add_field: forwards the fields for documents without them, back their removal from exactly those.
#include "bson/builder.h"
#include "bson/path.h"
#include "tool/migrate/data/data_operation.h"
#include "tool/migrate/data/step.h"
#include "tool/migrate/operations/operations.h"

namespace plumb::migrate {
namespace {

const project::AddField& body_of(const project::Operation& operation) {
    return std::get<project::AddField>(operation.body);
}

bson::Document lacks(const std::string& field) {
    bson::Builder out;
    out.begin_document(field);
    out.append("$exists", false);
    out.end();
    return out.finish();
}

// Documents that lack one of the fields.
bson::Document filter_of(const project::AddField& body) {
    if (body.fields.size() == 1) {
        return both(body.filter, lacks(body.fields.front().field));
    }
    bson::Builder out;
    out.begin_array("$or");
    for (const project::NewField& each : body.fields) {
        out.push(lacks(each.field));
    }
    out.end();
    return both(body.filter, out.finish());
}

// [{$set: {field: the new value where it is missing, what it is otherwise}}]
bson::Value update_of(const project::AddField& body) {
    bson::Builder out;
    out.push_document();
    out.begin_document("$set");
    for (const project::NewField& each : body.fields) {
        const std::string path = "$" + each.field;
        out.begin_document(each.field).begin_array("$cond");
        out.push_document().begin_array("$eq");
        out.push(document_of("$type", path)).push("missing").end().end();
        if (each.expression.missing()) {
            out.push(document_of("$literal", each.value));
        } else {
            out.push(each.expression);
        }
        out.push(path).end().end();
    }
    out.end();
    out.end();
    return out.finish_array();
}

bson::Document projection_of(const project::AddField& body) {
    bson::Builder out;
    for (const project::NewField& each : body.fields) {
        out.append(each.field, 1);
    }
    return out.finish();
}

Result<Change> plan(const project::Operation& operation,
                    const bson::Document& filter,
                    const std::vector<bson::Document>& documents) {
    Change out;
    for (const bson::Document& document : documents) {
        JournalEntry entry;
        entry.id = bson::Value{document.find("_id")};
        for (const project::NewField& each : body_of(operation).fields) {
            if (bson::find_plain(document, each.field).missing()) {
                remember_field(entry, document, each.field);
            }
        }
        out.journal.push_back(std::move(entry));
    }
    out.command =
        update_batch(operation.collection, documents, filter, update_of(body_of(operation)));
    return out;
}

std::string names_of(const project::AddField& body) {
    std::string out;
    for (const project::NewField& each : body.fields) {
        out += (out.empty() ? "" : ", ") + each.field;
    }
    return out;
}

Result<std::vector<Problem>> check(const Deployment& /*deployment*/,
                                   const project::Operation& /*operation*/) {
    return std::vector<Problem>{};
}

Status apply(OperationRun& run, const project::Operation& operation) {
    const bson::Document filter = filter_of(body_of(operation));
    Pass pass;
    pass.collection = operation.collection;
    pass.filter = filter;
    pass.projection = projection_of(body_of(operation));
    pass.plan = [&](const std::vector<bson::Document>& documents) {
        return plan(operation, filter, documents);
    };
    const std::string names = names_of(body_of(operation));
    return run_data(run, {document_of("fields", names), {pass}, "added " + names + " to"});
}

Status revert(OperationRun& run) {
    return revert_data(run, back_as_it_was);
}

Status preview(const Deployment& deployment,
               const project::Operation& operation,
               Outcome& outcome) {
    const bson::Document filter = filter_of(body_of(operation));
    return preview_update(
        deployment, operation.collection, filter, update_of(body_of(operation)), outcome);
}

}  // namespace

const OperationHandler kAddField{
    "add_field", check, apply, revert, claim_data, preview, preview_revert_data};

}  // namespace plumb::migrate
