// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/cursor_reply.h"
#include "engine/commands/index_validation.h"
#include "engine/commands/namespace_name.h"
#include "engine/commands/service_state.h"

#include <fmt/format.h>

namespace plumb::commands {

Status run_list_indexes(CommandContext& context, bson::Builder& reply) {
    PLUMB_TRY(ns, command_namespace(context.database(), context.command));
    PLUMB_TRY(batch_size, parse_cursor_option(context.command.find("cursor")));
    const auto collection = context.service.engine.collection(ns);
    if (!collection) {
        return fail(ErrorCode::NamespaceNotFound, fmt::format("ns does not exist: {}", ns));
    }
    if (collection->state().is_view()) {
        return fail(ErrorCode::CommandNotSupportedOnView,
                    fmt::format("Namespace {} is a view, not a collection", ns));
    }
    std::vector<bson::Document> listed;
    for (const auto& index : collection->state().indexes) {
        listed.push_back(listed_with_namespace(index->spec, ns));
    }
    return reply_with_list(context, ns, std::move(listed), batch_size, reply);
}

}  // namespace plumb::commands
