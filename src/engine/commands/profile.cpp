// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/number.h"
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"
#include "engine/commands/service_state.h"

#include <fmt/format.h>

namespace plumb::commands {

// Sets and tells the limit of slow operations; recording them into system.profile is not there.
Status run_profile(CommandContext& context, bson::Builder& reply) {
    const bson::ValueView level = context.command.front().value;
    if (!level.is_number()) {
        return fail(ErrorCode::TypeMismatch, "profile needs a level: {profile: -1}");
    }
    const std::int64_t wanted = bson::to_clamped_int64(level);
    if (wanted != -1 && wanted != 0) {
        return fail(
            ErrorCode::CommandNotSupported,
            fmt::format("plumbd has no system.profile, so profiling level {} cannot be set; "
                        "slow operations are in the log from slowms on",
                        wanted));
    }
    reply.append("was", 0);
    reply.append("slowms", context.service.settings.slow_ms.load());
    reply.append("sampleRate", 1.0);
    if (const auto slow = integer(context.command, "slowms"); slow) {
        constexpr std::int64_t kDay = 86'400'000;
        context.service.settings.slow_ms =
            static_cast<std::int32_t>(std::clamp<std::int64_t>(*slow, -1, kDay));
    }
    return {};
}

}  // namespace plumb::commands
