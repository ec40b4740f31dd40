// SPDX-License-Identifier: GPL-3.0-or-later
// rename_field: forwards $rename, back $rename the other way in the same documents, with their
// fields in the old order.
#include "bson/builder.h"
#include "tool/migrate/data/batch_reader.h"
#include "tool/migrate/data/data_operation.h"
#include "tool/migrate/data/step.h"
#include "tool/migrate/operations/operations.h"

#include <fmt/format.h>

namespace plumb::migrate {
namespace {

const project::RenameField& body_of(const project::Operation& operation) {
    return std::get<project::RenameField>(operation.body);
}

bson::Document has(const std::string& field, const std::string& and_not) {
    bson::Builder out;
    out.begin_document(field).append("$exists", true).end();
    out.begin_document(and_not).append("$exists", false).end();
    return out.finish();
}

bson::Document rename(const std::string& from, const std::string& to) {
    return document_of("$rename", document_of(from, to));
}

Result<std::vector<Problem>> check(const Deployment& deployment,
                                   const project::Operation& operation) {
    const project::RenameField& body = body_of(operation);
    bson::Builder filter;
    filter.begin_document(body.from).append("$exists", true).end();
    filter.begin_document(body.to).append("$exists", true).end();
    PLUMB_TRY(count, count_documents(deployment, operation.collection, filter.finish()));
    std::vector<Problem> out;
    if (count > 0) {
        Problem problem;
        problem.code = "field_taken";
        problem.collection = operation.collection;
        problem.text = fmt::format("{} of {} {} {} and {}; a rename would lose one of the two",
                                   documents_text(count),
                                   operation.collection,
                                   count == 1 ? "has both" : "have both",
                                   body.from,
                                   body.to);
        problem.details = document_of("documents", count);
        out.push_back(std::move(problem));
    }
    return out;
}

Status apply(OperationRun& run, const project::Operation& operation) {
    const project::RenameField& body = body_of(operation);
    Pass pass;
    pass.collection = operation.collection;
    pass.filter = has(body.from, body.to);
    pass.plan = [&](const std::vector<bson::Document>& documents) -> Result<Change> {
        Change out;
        for (const bson::Document& document : documents) {
            JournalEntry entry;
            entry.id = bson::Value{document.find("_id")};
            remember_order(entry, document, {body.from, body.to});
            out.journal.push_back(std::move(entry));
        }
        out.command = update_batch(operation.collection,
                                   documents,
                                   has(body.from, body.to),
                                   rename(body.from, body.to).view().as_value());
        return out;
    };
    bson::Builder before;
    before.append("from", body.from).append("to", body.to);
    return run_data(run,
                    {before.finish(), {pass}, "renamed " + body.from + " to " + body.to + " in"});
}

std::vector<bson::Document> back(const OperationRecord& entry,
                                 const std::vector<JournalEntry>& entries) {
    const std::string from = text_in(entry.before, "from");
    const std::string to = text_in(entry.before, "to");
    std::vector<bson::Value> ids;
    ids.reserve(entries.size());
    for (const JournalEntry& each : entries) {
        ids.push_back(each.id);
    }
    return {
        update_statement(among_ids(ids, has(to, from)), rename(to, from).view().as_value(), true)};
}

Status revert(OperationRun& run) {
    return revert_data(run, back);
}

Status preview(const Deployment& deployment,
               const project::Operation& operation,
               Outcome& outcome) {
    const project::RenameField& body = body_of(operation);
    const bson::Document filter = has(body.from, body.to);
    const bson::Document update = rename(body.from, body.to);
    return preview_update(
        deployment, operation.collection, filter, update.view().as_value(), outcome);
}

}  // namespace

const OperationHandler kRenameField{
    "rename_field", check, apply, revert, claim_data, preview, preview_revert_data};

}  // namespace plumb::migrate
