// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/cursor_reply.h"
#include "engine/commands/find_command.h"
#include "engine/commands/service_state.h"

namespace plumb::commands {

Status run_find(CommandContext& context, bson::Builder& reply) {
    PLUMB_TRY(find, parse_find(context.database(), context.command));
    auto open = std::make_unique<OpenCursor>();
    open->ns = find.request.ns;
    open->left = find.request.limit;
    open->no_timeout = find.no_cursor_timeout;
    open->tailable = find.request.tailable;
    open->await_data = find.await_data;
    open->time_left = context.generic.max_time;
    PLUMB_TRY(cursor, exec::open_find(context.operation, std::move(find.request)));
    open->cursor = std::move(cursor);
    return reply_first_batch(context, std::move(open), {find.batch_size, find.single_batch}, reply);
}

Result<bson::Document> explain_find_command(CommandContext& context,
                                            bson::View inner,
                                            exec::Verbosity verbosity) {
    PLUMB_TRY(find, parse_find(context.database(), inner));
    return exec::explain_find(context.operation, find.request, verbosity);
}

}  // namespace plumb::commands
