// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/path.h"
#include "engine/exec/pipeline_host.h"
#include "engine/exec/write.h"
#include "engine/exec/write_target.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace plumb::exec {
namespace {

using MergeRequest = query::PipelineHost::MergeRequest;

constexpr ErrorCode kNoUniqueIndex{51183};
constexpr ErrorCode kBadOnField{51132};
constexpr ErrorCode kNoMatchingDocument{13113};

// {on: value …}, what identifies the document in the target.
Result<bson::Document> identity(const MergeRequest& request, bson::View document) {
    bson::Builder out;
    for (const std::string& field : request.on) {
        const bson::ValueView value = bson::find_plain(document, field);
        if (value.nullish() || value.type() == bson::Type::Array) {
            return fail(kBadOnField,
                        fmt::format("$merge write error: 'on' field '{}' cannot be "
                                    "missing, null, undefined or an array",
                                    field));
        }
        out.begin_document(field).append("$eq", value).end();
    }
    return out.finish();
}

bson::Value document_value(const bson::Document& document) {
    return bson::Value{document.view().as_value()};
}

// What an update does for `when_matched`; Missing where nothing may be updated.
bson::Value update_for(const MergeRequest& request, bson::View document) {
    bson::Builder out;
    if (request.when_matched == "replace") {
        return bson::Value{document.as_value()};
    }
    if (request.when_matched == "merge") {
        out.append("$set", document);
        return document_value(out.finish());
    }
    if (request.when_matched == "keepExisting") {
        out.append("$setOnInsert", document);
        return document_value(out.finish());
    }
    if (request.when_matched == "pipeline") {
        for (const bson::Document& stage : request.pipeline) {
            out.push(stage);
        }
        return out.finish_array();
    }
    return {};
}

Status insert_only(Operation& operation, const MergeRequest& request, bson::View document) {
    PLUMB_TRY(outcome, insert_documents(operation, {.ns = request.ns, .documents = {document}}));
    return outcome.error ? Status{*outcome.error} : Status{};
}

// A document without _id gets one, since it is what most merges go by.
bson::Document with_id(bson::View document) {
    if (document.has("_id")) {
        return bson::Document{document};
    }
    bson::Builder out;
    out.append("_id", bson::generate_object_id());
    out.append_all(document);
    return out.finish();
}

bool covers(const storage::IndexState& index, const std::vector<std::string>& on) {
    if ((!index.spec.unique && !index.is_id()) || index.spec.partial || index.spec.sparse) {
        return false;
    }
    std::set<std::string> fields;
    for (const bson::KeyField& field : index.pattern.fields()) {
        fields.insert(field.path.dotted());
    }
    return fields == std::set<std::string>(on.begin(), on.end());
}

}  // namespace

Status check_merge_target(const Operation& operation, const MergeRequest& request) {
    if (request.on == std::vector<std::string>{"_id"}) {
        return {};
    }
    PLUMB_TRY(target, find_target(operation, request.ns));
    const bool unique =
        target && std::ranges::any_of(target->state().indexes, [&](const auto& index) {
            return covers(*index, request.on);
        });
    return unique ? Status{}
                  : Status{fail(kNoUniqueIndex,
                                "Cannot find index to verify that join fields will be unique")};
}

Status merge_document(Operation& operation, const MergeRequest& request, bson::View document) {
    const bson::Document merged = with_id(document);
    PLUMB_TRY(filter, identity(request, merged));
    UpdateRequest update;
    update.update = update_for(request, merged);
    if (update.update.missing()) {
        return insert_only(operation, request, merged);
    }
    update.ns = request.ns;
    update.filter = std::move(filter);
    update.upsert = request.when_not_matched == "insert";
    const query::ExpressionContext outer = operation.expressions;
    if (request.when_matched == "pipeline") {
        operation.expressions = request.context;
    }
    Result<UpdateOutcomeCounts> counts = update_documents(operation, update);
    operation.expressions = outer;
    if (!counts.ok()) {
        return std::move(counts).error();
    }
    if (counts->matched == 0 && request.when_not_matched == "fail") {
        return fail(kNoMatchingDocument,
                    "$merge could not find a matching document in the target collection for at "
                    "least one document in the source collection");
    }
    return {};
}

}  // namespace plumb::exec
