// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/number.h"
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"
#include "engine/commands/profiler.h"
#include "engine/commands/service_state.h"

#include <algorithm>

namespace plumb::commands {

namespace {

Status check_sample_rate(bson::ValueView rate) {
    if (rate.missing()) {
        return {};
    }
    const bool in_range =
        rate.is_number() && bson::to_double(rate) >= 0.0 && bson::to_double(rate) <= 1.0;
    return in_range
               ? Status{}
               : fail(ErrorCode::BadValue, "'sampleRate' must be between 0.0 and 1.0 inclusive");
}

}  // namespace

// Sets and tells the database's level of profiling, and the server's idea of a slow operation.
Status run_profile(CommandContext& context, bson::Builder& reply) {
    const bson::ValueView level = context.command.front().value;
    if (!level.is_number()) {
        return fail(ErrorCode::TypeMismatch, "profile needs a level: {profile: -1}");
    }
    const std::int64_t wanted = bson::to_clamped_int64(level);
    if (wanted < -1 || wanted > 2) {
        return fail(ErrorCode::BadValue, "profiling level has to be >=0 and <= 2");
    }
    const bson::ValueView rate = context.command.find("sampleRate");
    PLUMB_CHECK(check_sample_rate(rate));
    Profiler& profiler = *context.service.profiler;
    reply.append("was", profiler.level(context.database()));
    reply.append("slowms", context.service.settings.slow_ms.load());
    reply.append("sampleRate", profiler.sample_rate());
    if (const auto slow = integer(context.command, "slowms"); slow) {
        constexpr std::int64_t kDay = 86'400'000;
        context.service.settings.slow_ms =
            static_cast<std::int32_t>(std::clamp<std::int64_t>(*slow, -1, kDay));
    }
    if (!rate.missing()) {
        profiler.set_sample_rate(bson::to_double(rate));
    }
    if (wanted >= 0) {
        return profiler.set_level(
            context.service.engine, context.database(), static_cast<int>(wanted));
    }
    return {};
}

}  // namespace plumb::commands
