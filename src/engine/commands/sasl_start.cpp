// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"
#include "engine/commands/log_in.h"

#include <array>

namespace plumb::commands {

namespace {

constexpr auto kFields = std::to_array<FieldRule>({
    {"mechanism", kString, Need::Required},
    {"payload", kAnyType, Need::Required},
    {"autoAuthorize", kAnyType},
    {"options", kDocument},
    {"db", kString},

});

}  // namespace

Status run_sasl_start(CommandContext& context, bson::Builder& reply) {
    PLUMB_CHECK(check_fields(context.command, {.structure = "saslStart", .rules = kFields}));
    return start_log_in(
        context, {.arguments = context.command, .database = context.database()}, reply);
}

}  // namespace plumb::commands
