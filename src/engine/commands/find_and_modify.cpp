// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"
#include "engine/commands/namespace_name.h"
#include "engine/commands/retryable_write.h"
#include "engine/commands/service_state.h"
#include "engine/commands/write_reply.h"
#include "engine/exec/write.h"

#include <array>

namespace plumb::commands {

namespace {

// `hint` came with 4.4; newer drivers offer it. `fields` is the server's word for a projection.
constexpr auto kFields = std::to_array<FieldRule>({
    {"query", kDocument},
    {"sort", kDocument},
    {"fields", kDocument},
    {"update", kDocument | kArray},
    {"remove", kBoolish},
    {"new", kBoolish},
    {"upsert", kBoolish},
    {"bypassDocumentValidation", kBoolish},
    {"arrayFilters", kArray},
    {"hint", kString | kDocument},
    {"collation", kDocument},
    {"comment", kAnyType},
});
constexpr ErrorCode kUnknownField{51177};

// A position found in the old document means nothing in the new one.
Status check_projection(bson::View command) {
    if (!bool_or(command, "new", false)) {
        return {};
    }
    for (const bson::Element& field : document_or_empty(command, "fields")) {
        if (field.name.ends_with(".$")) {
            return fail(ErrorCode::BadValue,
                        "findAndModify cannot give the new document with a positional projection");
        }
    }
    return {};
}

Status check_combination(bson::View command) {
    const bool remove = bool_or(command, "remove", false);
    const bool has_update = !command.find("update").nullish();
    if (remove && has_update) {
        return fail(ErrorCode::FailedToParse, "Cannot specify both an update and remove=true");
    }
    if (!remove && !has_update) {
        return fail(ErrorCode::FailedToParse, "Either an update or remove=true must be specified");
    }
    if (remove && bool_or(command, "upsert", false)) {
        return fail(ErrorCode::FailedToParse, "Cannot specify both upsert=true and remove=true ");
    }
    if (remove && bool_or(command, "new", false)) {
        return fail(ErrorCode::FailedToParse,
                    "Cannot specify both new=true and remove=true; 'remove' always returns the "
                    "deleted document");
    }
    if (remove && command.has("arrayFilters")) {
        return fail(ErrorCode::FailedToParse, "Cannot specify arrayFilters and remove=true");
    }
    return {};
}

Result<exec::FindAndModifyRequest> parse(std::string_view database, bson::View command) {
    PLUMB_TRY(ns, command_namespace(database, command));
    PLUMB_CHECK(check_fields(command,
                             {.structure = "findAndModify",
                              .rules = kFields,
                              .unknown = kUnknownField,
                              .wrong_type = ErrorCode::FailedToParse}));
    PLUMB_CHECK(check_combination(command));
    PLUMB_CHECK(check_projection(command));
    PLUMB_CHECK(check_collation(command.find("collation")));
    exec::FindAndModifyRequest request;
    request.ns = std::move(ns);
    request.filter = bson::Document{document_or_empty(command, "query")};
    request.sort = bson::Document{document_or_empty(command, "sort")};
    request.projection = bson::Document{document_or_empty(command, "fields")};
    request.remove = bool_or(command, "remove", false);
    if (!request.remove) {
        request.update = bson::Value{command.find("update")};
    }
    if (const bson::ValueView hint = command.find("hint"); !hint.nullish()) {
        request.hint = bson::Value{hint};
    }
    PLUMB_TRY(filters, parse_array_filters(command.find("arrayFilters")));
    request.array_filters = std::move(filters);
    request.upsert = bool_or(command, "upsert", false);
    request.return_new = bool_or(command, "new", false);
    request.bypass_validation = bool_or(command, "bypassDocumentValidation", false);
    return request;
}

bson::Document outcome_document(const exec::FindAndModifyRequest& request,
                                const exec::FindAndModifyOutcome& outcome) {
    bson::Builder reply;
    reply.begin_document("lastErrorObject");
    reply.append("n", static_cast<std::int32_t>(outcome.count));
    if (!request.remove) {
        reply.append("updatedExisting", outcome.updated_existing);
        if (outcome.upserted_id) {
            reply.append("upserted", *outcome.upserted_id);
        }
    }
    reply.end();
    if (outcome.value) {
        reply.append("value", *outcome.value);
    } else {
        reply.append_null("value");
    }
    return reply.finish();
}

}  // namespace

Status run_find_and_modify(CommandContext& context, bson::Builder& reply) {
    PLUMB_TRY(request, parse(context.database(), context.command));
    if (request.upsert) {
        PLUMB_CHECK(check_creatable(request.ns));
    }
    RetryableWrite retryable{context};
    PLUMB_TRY(
        outcome,
        run_single_statement(retryable,
                             context.operation,
                             {.index = 0, .ns = request.ns, .makes_collection = request.upsert},
                             [&]() -> Result<bson::Document> {
                                 PLUMB_TRY(done, exec::find_and_modify(context.operation, request));
                                 return outcome_document(request, done);
                             }));
    reply.append_all(outcome);
    return {};
}

Result<bson::Document> explain_find_and_modify_command(CommandContext& context,
                                                       bson::View inner,
                                                       exec::Verbosity verbosity) {
    PLUMB_TRY(request, parse(context.database(), inner));
    if (request.remove) {
        exec::DeleteRequest remove;
        remove.ns = std::move(request.ns);
        remove.filter = std::move(request.filter);
        remove.hint = std::move(request.hint);
        remove.only_one = true;
        return exec::explain_delete(context.operation, remove, verbosity);
    }
    exec::UpdateRequest update;
    update.ns = std::move(request.ns);
    update.filter = std::move(request.filter);
    update.update = std::move(request.update);
    update.array_filters = std::move(request.array_filters);
    update.hint = std::move(request.hint);
    update.upsert = request.upsert;
    return exec::explain_update(context.operation, update, verbosity);
}

}  // namespace plumb::commands
