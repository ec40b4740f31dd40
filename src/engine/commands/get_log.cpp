// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/service_state.h"

#include <fmt/format.h>

#include <limits>

namespace plumb::commands {

namespace {

void append_lines(bson::Builder& reply, std::int64_t total, const std::vector<std::string>& lines) {
    constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
    reply.append("totalLinesWritten", static_cast<std::int32_t>(std::min(total, kMost)));
    reply.begin_array("log");
    for (const std::string& line : lines) {
        reply.push(line);
    }
    reply.end();
}

}  // namespace

Status run_get_log(CommandContext& context, bson::Builder& reply) {
    const bson::ValueView wanted = context.command.front().value;
    if (wanted.type() != bson::Type::String) {
        return fail(ErrorCode::TypeMismatch, "Argument to getLog must be of type String");
    }
    const std::string_view name = wanted.as_string();
    if (name == "*") {
        reply.begin_array("names").push("global").push("startupWarnings").end();
        return {};
    }
    if (name == "global") {
        append_lines(reply, context.service.log_ring.total(), context.service.log_ring.lines());
        return {};
    }
    if (name == "startupWarnings") {
        append_lines(reply, 0, {});
        return {};
    }
    return fail(ErrorCode::OperationFailed, fmt::format("no RamLog named: {}", name));
}

}  // namespace plumb::commands
