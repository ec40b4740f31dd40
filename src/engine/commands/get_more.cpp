// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/cursor_owner.h"
#include "engine/commands/cursor_reply.h"
#include "engine/commands/fields.h"
#include "engine/commands/namespace_name.h"
#include "engine/commands/service_state.h"
#include "engine/storage/capped.h"

#include <fmt/format.h>

#include <array>

namespace plumb::commands {

namespace {

constexpr auto kFields = std::to_array<FieldRule>({
    {"collection", kString, Need::Required},
    {"batchSize", kNumber},
    {"term", kNumber},
    {"lastKnownCommittedOpTime", kAnyType},
});

// How long a getMore waits for documents if it does not say so itself.
constexpr std::chrono::milliseconds kAwaitDataDefault{1000};

struct GetMore {
    std::int64_t id;
    std::string ns;
    std::optional<std::int64_t> batch_size;
};

Result<GetMore> parse(const CommandContext& context) {
    const bson::ValueView id = context.command.front().value;
    if (id.type() != bson::Type::Int64) {
        return fail(ErrorCode::TypeMismatch, "Field 'getMore' must be of type long");
    }
    PLUMB_CHECK(check_fields(context.command,
                             {.structure = "getMore",
                              .rules = kFields,
                              .unknown = ErrorCode::FailedToParse,
                              .missing = ErrorCode::FailedToParse}));
    PLUMB_TRY(ns, join_namespace(context.database(), string_or(context.command, "collection", "")));
    const auto batch_size = integer(context.command, "batchSize");
    if (batch_size && *batch_size < 0) {
        return fail(
            ErrorCode::BadValue,
            fmt::format("Batch size for getMore must be positive, but received: {}", *batch_size));
    }
    // 0 means no wish, as in 4.2.
    return GetMore{id.as_int64(), std::move(ns), batch_size == 0 ? std::nullopt : batch_size};
}

// Checks before the cursor is taken, so that a wrong namespace leaves it as it is.
Status check_owner(const CommandContext& context, const GetMore& request) {
    const auto ns = context.service.cursors.namespace_of(request.id);
    if (ns && *ns != request.ns) {
        return fail(ErrorCode::Unauthorized,
                    fmt::format("Requested getMore on namespace '{}', but cursor belongs to a "
                                "different namespace {}",
                                request.ns,
                                *ns));
    }
    return {};
}

}  // namespace

Status run_get_more(CommandContext& context, bson::Builder& reply) {
    PLUMB_TRY(request, parse(context));
    PLUMB_CHECK(check_owner(context, request));
    PLUMB_CHECK(check_cursor_session(context, request.id));
    Interrupt& interrupt = context.operation.interrupt;
    PLUMB_TRY(open, context.service.cursors.check_out(request.id, interrupt));
    if (context.generic.max_time && !open->await_data) {
        context.service.cursors.check_in(std::move(open));
        return fail(ErrorCode::BadValue,
                    "cannot set maxTimeMS on getMore command for a non-awaitData cursor");
    }
    BatchLimits limits{.documents = request.batch_size};
    if (const auto news = open->cursor->news(); news != nullptr) {
        limits.news_seen = news->count();
        limits.wait = context.generic.max_time.value_or(kAwaitDataDefault);
    }
    const std::chrono::nanoseconds begun = context.service.clock.monotonic();
    if (open->time_left) {
        interrupt.set_deadline_after(
            std::chrono::duration_cast<std::chrono::milliseconds>(*open->time_left));
    }
    open->cursor->attach(context.operation);
    if (Status restored = open->cursor->restore(); !restored.ok()) {
        context.service.cursors.finish(request.id);
        return restored;
    }
    if (open->time_left) {
        *open->time_left -= context.service.clock.monotonic() - begun;
    }
    return reply_next_batch(context, std::move(open), limits, reply);
}

}  // namespace plumb::commands
