// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"
#include "engine/commands/namespace_name.h"
#include "engine/commands/retryable_write.h"
#include "engine/commands/service_state.h"
#include "engine/commands/statement_log.h"
#include "engine/commands/write_reply.h"
#include "engine/exec/write.h"

#include <array>

namespace plumb::commands {

namespace {

constexpr auto kFields = std::to_array<FieldRule>({
    {"updates", kArray},
    {"ordered", kBool},
    {"bypassDocumentValidation", kBoolish},
    {"stmtIds", kArray},
});

constexpr auto kStatementFields = std::to_array<FieldRule>({
    {"q", kDocument, Need::Required},
    {"u", kAnyType, Need::Required},
    {"multi", kBoolish},
    {"upsert", kBoolish},
    {"arrayFilters", kArray},
    {"hint", kString | kDocument},
    {"collation", kDocument},
});

Result<exec::UpdateRequest> parse_statement(std::string_view ns, bson::View statement) {
    PLUMB_CHECK(
        check_nested(statement, {.structure = "update.updates", .rules = kStatementFields}));
    PLUMB_CHECK(check_collation(statement.find("collation")));
    const bson::Type update_type = statement.find("u").type();
    if (update_type != bson::Type::Document && update_type != bson::Type::Array) {
        return fail(ErrorCode::FailedToParse,
                    "Update argument must be either an object or an array");
    }
    exec::UpdateRequest request;
    request.ns = ns;
    request.filter = bson::Document{statement.find("q").as_document()};
    request.update = bson::Value{statement.find("u")};
    request.multi = bool_or(statement, "multi", false);
    request.upsert = bool_or(statement, "upsert", false);
    if (const bson::ValueView hint = statement.find("hint"); !hint.nullish()) {
        request.hint = bson::Value{hint};
    }
    PLUMB_TRY(filters, parse_array_filters(statement.find("arrayFilters")));
    request.array_filters = std::move(filters);
    return request;
}

struct Totals {
    std::int64_t matched = 0;
    std::int64_t modified = 0;
    bson::Builder upserted;
    bool any_upserted = false;

    // `outcome` as outcome_document() makes it.
    void add(std::size_t index, bson::View outcome) {
        matched += integer(outcome, "n").value_or(0);
        modified += integer(outcome, "m").value_or(0);
        if (const bson::ValueView id = outcome.find("u"); !id.missing()) {
            any_upserted = true;
            upserted.push_document();
            upserted.append("index", static_cast<std::int32_t>(index));
            upserted.append("_id", id);
            upserted.end();
        }
    }
    void append_to(bson::Builder& reply) {
        reply.append("n", static_cast<std::int32_t>(matched));
        reply.append("nModified", static_cast<std::int32_t>(modified));
        if (any_upserted) {
            reply.append("upserted", upserted.finish_array());
        }
    }
};

// All statements are read before the first one runs: a batch with a malformed one changes nothing.
Result<std::vector<exec::UpdateRequest>> parse(const CommandContext& context,
                                               const std::vector<bson::View>& statements) {
    PLUMB_TRY(ns, command_namespace(context.database(), context.command, ErrorCode::TypeMismatch));
    const bool bypass = bool_or(context.command, "bypassDocumentValidation", false);
    std::vector<exec::UpdateRequest> requests;
    requests.reserve(statements.size());
    for (const bson::View statement : statements) {
        PLUMB_TRY(request, parse_statement(ns, statement));
        request.bypass_validation = bypass;
        requests.push_back(std::move(request));
    }
    return requests;
}

// {n: matched or upserted, m: modified, u: the upserted _id}, as it is remembered for a retry.
bson::Document outcome_document(const exec::UpdateOutcomeCounts& counts) {
    bson::Builder out;
    out.append("n", counts.matched + (counts.upserted_id ? 1 : 0));
    out.append("m", counts.modified);
    if (counts.upserted_id) {
        out.append("u", *counts.upserted_id);
    }
    return out.finish();
}

Result<bson::Document> run_statement(CommandContext& context,
                                     RetryableWrite& retryable,
                                     const exec::UpdateRequest& request,
                                     std::size_t index) {
    if (request.upsert) {
        PLUMB_CHECK(check_creatable(request.ns));
    }
    if (retryable.is_active() && request.multi) {
        return fail(ErrorCode::InvalidOptions,
                    "Cannot use (or request) retryable writes with multi=true");
    }
    return run_single_statement(
        retryable,
        context.operation,
        {.index = index, .ns = request.ns, .makes_collection = request.upsert},
        [&]() -> Result<bson::Document> {
            PLUMB_TRY(counts, exec::update_documents(context.operation, request));
            return outcome_document(counts);
        });
}

}  // namespace

Status run_update(CommandContext& context, bson::Builder& reply) {
    PLUMB_CHECK(check_fields(context.command, {.structure = "update", .rules = kFields}));
    PLUMB_TRY(statements, write_statements(context, "updates"));
    PLUMB_TRY(requests, parse(context, statements));
    const bool ordered = bool_or(context.command, "ordered", true);
    context.service.counters.count(OpCounter::Update, static_cast<std::int64_t>(requests.size()));

    DeferredSync sync{context.operation};
    RetryableWrite retryable{context};
    WriteErrors errors;
    Totals totals;
    for (std::size_t index = 0; index < requests.size(); ++index) {
        StatementLog log{context, "update", statements[index]};
        const auto outcome = run_statement(context, retryable, requests[index], index);
        if (outcome.ok()) {
            totals.add(index, *outcome);
            continue;
        }
        log.failed(outcome.error());
        if (ends_command(context, outcome.error().code())) {
            return outcome.error();
        }
        errors.add(index, outcome.error());
        if (stops_at_error(context, ordered)) {
            break;
        }
    }
    PLUMB_CHECK(sync.finish());
    totals.append_to(reply);
    errors.append_to(reply);
    return {};
}

Result<bson::Document> explain_update_command(CommandContext& context,
                                              bson::View inner,
                                              exec::Verbosity verbosity) {
    PLUMB_CHECK(check_fields(inner, {.structure = "update", .rules = kFields}));
    PLUMB_TRY(ns, command_namespace(context.database(), inner, ErrorCode::TypeMismatch));
    PLUMB_TRY(statement, single_statement(inner, "updates"));
    PLUMB_TRY(request, parse_statement(ns, statement));
    return exec::explain_update(context.operation, request, verbosity);
}

}  // namespace plumb::commands
