// SPDX-License-Identifier: GPL-3.0-or-later
// transform: forwards an update pipeline, once for each document, back what the documents were.
//
// A pipeline may not be one that can be repeated (`n: n + 1`), so the update that changes a
// document also marks it, and marked ones are left out until their batch is saved; then the marks
// go.
#include "bson/builder.h"
#include "bson/json.h"
#include "tool/migrate/data/data_operation.h"
#include "tool/migrate/data/step.h"
#include "tool/migrate/operations/operations.h"

#include <algorithm>
#include <optional>

namespace plumb::migrate {
namespace {

constexpr std::string_view kMark = "_plumb_migration";
constexpr std::string_view kFields = "fields";
constexpr std::string_view kWhole = "documents";

const project::Transform& body_of(const project::Operation& operation) {
    return std::get<project::Transform>(operation.body);
}

// The top-level fields that the pipeline sets or unsets; nothing if it can change any.
std::optional<std::vector<std::string>> changed_fields(const project::Transform& body) {
    std::vector<std::string> out;
    const auto add = [&out](std::string_view path) {
        std::string field{path.substr(0, path.find('.'))};
        if (std::find(out.begin(), out.end(), field) == out.end()) {
            out.push_back(std::move(field));
        }
    };
    for (const bson::Document& stage : body.pipeline) {
        if (stage.empty()) {
            return {};
        }
        const bson::Element what = stage.view().front();
        const bool sets = what.name == "$set" || what.name == "$addFields";
        if (sets && what.value.type() == bson::Type::Document) {
            for (const bson::Element& each : what.value.as_document()) {
                add(each.name);
            }
        } else if (what.name == "$unset" && what.value.type() == bson::Type::String) {
            add(what.value.as_string());
        } else if (what.name == "$unset" && what.value.type() == bson::Type::Array) {
            for (const bson::Element& each : what.value.as_array()) {
                if (each.value.type() == bson::Type::String) {
                    add(each.value.as_string());
                }
            }
        } else {
            return {};
        }
    }
    return out;
}

bool may_remove(const project::Transform& body) {
    return std::any_of(body.pipeline.begin(), body.pipeline.end(), [](const bson::Document& each) {
        return each.has("$unset") || bson::to_json(each).find("$$REMOVE") != std::string::npos;
    });
}

bson::Value pipeline_of(const project::Transform& body, const std::string& mark) {
    bson::Builder out;
    for (const bson::Document& stage : body.pipeline) {
        out.push(stage);
    }
    if (!mark.empty()) {
        out.push_document().begin_document("$set");
        out.append(kMark, document_of("$literal", mark)).end().end();
    }
    return out.finish_array();
}

bson::Document unmark(const std::string& collection, bson::View q) {
    const bson::Document unset = document_of("$unset", document_of(kMark, ""));
    return update_command(collection, {update_statement(q, unset.view().as_value(), true)}, false);
}

Result<std::vector<Problem>> check(const Deployment& /*deployment*/,
                                   const project::Operation& /*operation*/) {
    return std::vector<Problem>{};
}

Change plan(const project::Operation& operation,
            const std::string& mark,
            bson::View filter,
            const std::vector<bson::Document>& documents) {
    const project::Transform& body = body_of(operation);
    const auto fields = changed_fields(body);
    const bool keep_order = may_remove(body);
    Change out;
    if (!fields.has_value()) {
        out.copies = ids_of(documents);
    }
    for (const bson::Document& document : documents) {
        if (!fields.has_value()) {
            break;
        }
        JournalEntry entry;
        entry.id = bson::Value{document.find("_id")};
        for (const std::string& field : *fields) {
            remember_field(entry, document, field);
        }
        if (keep_order) {
            remember_order(entry, document, {});
        }
        out.journal.push_back(std::move(entry));
    }
    out.command = update_batch(operation.collection, documents, filter, pipeline_of(body, mark));
    out.afterwards = unmark(operation.collection, among_ids(ids_of(documents)));
    return out;
}

Status apply(OperationRun& run, const project::Operation& operation) {
    const project::Transform& body = body_of(operation);
    const bool goes_on = run.entry.state == OperationState::Applying;
    if (run.entry.backup.empty()) {
        run.entry.backup = backup_name(run);
    }
    const std::string mark = run.entry.backup;
    Pass pass;
    pass.collection = operation.collection;
    pass.filter = both(body.filter, document_of(kMark, document_of("$ne", mark)));
    pass.plan = [&](const std::vector<bson::Document>& documents) -> Result<Change> {
        return plan(operation, mark, pass.filter, documents);
    };
    const auto fields = changed_fields(body);
    DataOperation data{
        document_of("kept", fields.has_value() ? kFields : kWhole), {pass}, "transformed"};
    data.at_the_end = [&]() -> Status {
        if (!goes_on) {
            return {};
        }
        // A run that died between saving a batch and taking its marks away has left some.
        PLUMB_CHECK(run.deployment.client.command(
            run.deployment.database, unmark(operation.collection, document_of(kMark, mark))));
        return {};
    };
    return run_data(run, data);
}

std::vector<bson::Document> back(const OperationRecord& entry,
                                 const std::vector<JournalEntry>& entries) {
    std::vector<bson::Document> out = restore_statements(entries);
    std::vector<bson::Value> ids;
    ids.reserve(entries.size());
    for (const JournalEntry& each : entries) {
        ids.push_back(each.id);
    }
    const bson::Document unset = document_of("$unset", document_of(kMark, ""));
    out.push_back(update_statement(
        among_ids(ids, document_of(kMark, entry.backup)), unset.view().as_value(), true));
    return out;
}

Status revert(OperationRun& run) {
    if (text_in(run.entry.before, "kept") == kWhole) {
        return revert_copies(run, CopyMode::ReplaceOnly);
    }
    return revert_data(run, back);
}

Status preview(const Deployment& deployment,
               const project::Operation& operation,
               Outcome& outcome) {
    const project::Transform& body = body_of(operation);
    return preview_update(
        deployment, operation.collection, body.filter, pipeline_of(body, ""), outcome);
}

}  // namespace

const OperationHandler kTransform{
    "transform", check, apply, revert, claim_data, preview, preview_revert_data};

}  // namespace plumb::migrate
