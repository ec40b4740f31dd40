// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/number.h"
#include "engine/commands/command_functions.h"
#include "engine/commands/service_state.h"

#include <limits>

namespace plumb::commands {

// As MongoDB: that an operation of this id runs is not promised, so an unknown one is no error.
Status run_kill_op(CommandContext& context, bson::Builder& reply) {
    const bson::ValueView op = context.command.find("op");
    const auto id = op.is_number() ? bson::to_exact_int64(op) : std::nullopt;
    if (op.missing()) {
        return fail(ErrorCode{40414}, "killOp needs the operation's id: {killOp: 1, op: <opid>}");
    }
    if (!id) {
        return fail(ErrorCode::TypeMismatch, "killOp: op must be a number");
    }
    if (*id < std::numeric_limits<std::int32_t>::min() ||
        *id > std::numeric_limits<std::int32_t>::max()) {
        return fail(ErrorCode{26823}, "invalid op id");
    }
    reply.append("info", "attempting to kill op");
    static_cast<void>(context.service.operations.kill(static_cast<std::int32_t>(*id)));
    return {};
}

}  // namespace plumb::commands
