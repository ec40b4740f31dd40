// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"
#include "engine/commands/namespace_name.h"

#include <array>

namespace plumb::commands {

namespace {

constexpr auto kFields = std::to_array<FieldRule>({
    {"key", kString, Need::Required},
    {"query", kDocument},
    {"collation", kDocument},
    {"comment", kAnyType},
});

struct Distinct {
    exec::FindRequest request;
    std::string key;
};

Result<Distinct> parse(std::string_view database, bson::View command) {
    PLUMB_TRY(ns, command_namespace(database, command));
    PLUMB_CHECK(check_fields(command, {.structure = "distinct", .rules = kFields}));
    PLUMB_CHECK(check_collation(command.find("collation")));
    Distinct out;
    out.request.ns = std::move(ns);
    out.request.filter = bson::Document{document_or_empty(command, "query")};
    out.key = string_or(command, "key", "");
    return out;
}

}  // namespace

Status run_distinct(CommandContext& context, bson::Builder& reply) {
    PLUMB_TRY(distinct, parse(context.database(), context.command));
    PLUMB_TRY(values, exec::distinct_values(context.operation, distinct.request, distinct.key));
    reply.append("values", values);
    return {};
}

Result<bson::Document> explain_distinct_command(CommandContext& context,
                                                bson::View inner,
                                                exec::Verbosity verbosity) {
    PLUMB_TRY(distinct, parse(context.database(), inner));
    return exec::explain_distinct(context.operation, distinct.request, distinct.key, verbosity);
}

}  // namespace plumb::commands
