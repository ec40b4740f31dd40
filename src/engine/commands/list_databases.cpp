// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/authorize.h"
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"
#include "engine/commands/service_state.h"
#include "engine/commands/table_sizes.h"
#include "engine/query/matcher.h"

#include <array>

namespace plumb::commands {

namespace {

constexpr auto kFields = std::to_array<FieldRule>({
    {"filter", kDocument},
    {"nameOnly", kBoolish},
    {"authorizedDatabases", kBool},
    {"comment", kAnyType},
});

}  // namespace

Status run_list_databases(CommandContext& context, bson::Builder& reply) {
    PLUMB_CHECK(check_fields(context.command, {.structure = "listDatabases", .rules = kFields}));
    PLUMB_TRY(filter, query::Matcher::parse(document_or_empty(context.command, "filter")));
    const bool name_only = bool_or(context.command, "nameOnly", false);
    PLUMB_TRY(databases, database_sizes(context.service.engine));
    double total = 0;
    reply.begin_array("databases");
    for (const auto& [name, sizes] : databases) {
        bson::Builder row;
        row.append("name", name);
        const auto on_disk = static_cast<double>(sizes.storage_bytes + sizes.index_bytes);
        if (!name_only) {
            row.append("sizeOnDisk", on_disk);
            row.append("empty", sizes.collections == 0);
        }
        const bson::Document described = row.finish();
        if (lists_database(context, name) && filter.matches(described)) {
            reply.push(described);
            total += on_disk;
        }
    }
    reply.end();
    if (!name_only) {
        reply.append("totalSize", total);
    }
    return {};
}

}  // namespace plumb::commands
