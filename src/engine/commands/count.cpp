// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"
#include "engine/commands/namespace_name.h"

#include <array>
#include <limits>

namespace plumb::commands {

namespace {

constexpr auto kFields = std::to_array<FieldRule>({
    {"query", kDocument},
    {"limit", kNumber},
    {"skip", kNumber},
    {"hint", kAnyType},
    {"fields", kAnyType},
    {"collation", kDocument},
    {"comment", kAnyType},
});

Result<exec::FindRequest> parse(std::string_view database, bson::View command) {
    PLUMB_TRY(ns, command_namespace(database, command));
    PLUMB_CHECK(check_fields(command, {.structure = "count", .rules = kFields}));
    PLUMB_CHECK(check_collation(command.find("collation")));
    exec::FindRequest request;
    request.ns = std::move(ns);
    request.filter = bson::Document{document_or_empty(command, "query")};
    request.limit = integer(command, "limit");
    if (request.limit == 0) {
        request.limit.reset();
    }
    request.skip = integer(command, "skip");
    if (request.skip.value_or(0) < 0) {
        return fail(ErrorCode::FailedToParse, "skip value is negative in count query");
    }
    const bson::ValueView hint = command.find("hint");
    if (!hint.nullish()) {
        if (hint.type() != bson::Type::String && hint.type() != bson::Type::Document) {
            return fail(ErrorCode::FailedToParse, "Hint must be a string or an object");
        }
        request.hint = bson::Value{hint};
    }
    return request;
}

}  // namespace

Status run_count(CommandContext& context, bson::Builder& reply) {
    PLUMB_TRY(request, parse(context.database(), context.command));
    PLUMB_TRY(count, exec::count_documents(context.operation, request));
    if (count <= std::numeric_limits<std::int32_t>::max()) {
        reply.append("n", static_cast<std::int32_t>(count));
    } else {
        reply.append("n", count);
    }
    return {};
}

Result<bson::Document> explain_count_command(CommandContext& context,
                                             bson::View inner,
                                             exec::Verbosity verbosity) {
    PLUMB_TRY(request, parse(context.database(), inner));
    return exec::explain_count(context.operation, request, verbosity);
}

}  // namespace plumb::commands
