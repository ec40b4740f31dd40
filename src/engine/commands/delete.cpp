// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"
#include "engine/commands/namespace_name.h"
#include "engine/commands/retryable_write.h"
#include "engine/commands/service_state.h"
#include "engine/commands/statement_log.h"
#include "engine/commands/write_reply.h"
#include "engine/exec/write.h"

#include <fmt/format.h>

#include <array>

namespace plumb::commands {

namespace {

constexpr auto kFields = std::to_array<FieldRule>({
    {"deletes", kArray},
    {"ordered", kBool},
    {"bypassDocumentValidation", kBoolish},
    {"stmtIds", kArray},
});

// `hint` came with 4.4; it is taken because the tool and newer drivers offer it.
constexpr auto kStatementFields = std::to_array<FieldRule>({
    {"q", kDocument, Need::Required},
    {"limit", kNumber, Need::Required},
    {"hint", kString | kDocument},
    {"collation", kDocument},
});

Result<exec::DeleteRequest> parse_statement(std::string_view ns, bson::View statement) {
    PLUMB_CHECK(
        check_nested(statement, {.structure = "delete.deletes", .rules = kStatementFields}));
    PLUMB_CHECK(check_collation(statement.find("collation")));
    const std::int64_t limit = integer(statement, "limit").value_or(0);
    if (limit != 0 && limit != 1) {
        return fail(ErrorCode::FailedToParse,
                    fmt::format("The limit field in delete objects must be 0 or 1. Got {}", limit));
    }
    exec::DeleteRequest request;
    request.ns = ns;
    request.filter = bson::Document{statement.find("q").as_document()};
    request.only_one = limit == 1;
    if (const bson::ValueView hint = statement.find("hint"); !hint.nullish()) {
        request.hint = bson::Value{hint};
    }
    return request;
}

Result<std::vector<exec::DeleteRequest>> parse(const CommandContext& context,
                                               const std::vector<bson::View>& statements) {
    PLUMB_TRY(ns, command_namespace(context.database(), context.command, ErrorCode::TypeMismatch));
    std::vector<exec::DeleteRequest> requests;
    requests.reserve(statements.size());
    for (const bson::View statement : statements) {
        PLUMB_TRY(request, parse_statement(ns, statement));
        requests.push_back(std::move(request));
    }
    return requests;
}

// {n: deleted}, as it is remembered for a retry.
Result<bson::Document> run_statement(CommandContext& context,
                                     RetryableWrite& retryable,
                                     const exec::DeleteRequest& request,
                                     std::size_t index) {
    if (retryable.is_active() && !request.only_one) {
        return fail(ErrorCode::InvalidOptions,
                    "Cannot use (or request) retryable writes with limit=0");
    }
    return run_single_statement(retryable,
                                context.operation,
                                {.index = index, .ns = request.ns},
                                [&]() -> Result<bson::Document> {
                                    PLUMB_TRY(count,
                                              exec::delete_documents(context.operation, request));
                                    bson::Builder out;
                                    out.append("n", count);
                                    return out.finish();
                                });
}

}  // namespace

Status run_delete(CommandContext& context, bson::Builder& reply) {
    PLUMB_CHECK(check_fields(context.command, {.structure = "delete", .rules = kFields}));
    PLUMB_TRY(statements, write_statements(context, "deletes"));
    PLUMB_TRY(requests, parse(context, statements));
    const bool ordered = bool_or(context.command, "ordered", true);
    context.service.counters.count(OpCounter::Delete, static_cast<std::int64_t>(requests.size()));

    DeferredSync sync{context.operation};
    RetryableWrite retryable{context};
    WriteErrors errors;
    std::int64_t deleted = 0;
    for (std::size_t index = 0; index < requests.size(); ++index) {
        StatementLog log{context, "remove", statements[index]};
        const auto outcome = run_statement(context, retryable, requests[index], index);
        if (outcome.ok()) {
            deleted += integer(*outcome, "n").value_or(0);
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
    reply.append("n", static_cast<std::int32_t>(deleted));
    errors.append_to(reply);
    return {};
}

Result<bson::Document> explain_delete_command(CommandContext& context,
                                              bson::View inner,
                                              exec::Verbosity verbosity) {
    PLUMB_CHECK(check_fields(inner, {.structure = "delete", .rules = kFields}));
    PLUMB_TRY(ns, command_namespace(context.database(), inner, ErrorCode::TypeMismatch));
    PLUMB_TRY(statement, single_statement(inner, "deletes"));
    PLUMB_TRY(request, parse_statement(ns, statement));
    return exec::explain_delete(context.operation, request, verbosity);
}

}  // namespace plumb::commands
