// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"
#include "engine/commands/namespace_name.h"
#include "engine/commands/service_state.h"

#include <array>
#include <vector>

namespace plumb::commands {

namespace {

constexpr auto kFields = std::to_array<FieldRule>({{"cursors", kArray, Need::Required}});

void append_ids(bson::Builder& reply, std::string_view name, const std::vector<std::int64_t>& ids) {
    reply.begin_array(name);
    for (const std::int64_t id : ids) {
        reply.push(id);
    }
    reply.end();
}

}  // namespace

Status run_kill_cursors(CommandContext& context, bson::Builder& reply) {
    PLUMB_TRY(ns, command_namespace(context.database(), context.command, ErrorCode::FailedToParse));
    PLUMB_CHECK(check_fields(context.command,
                             {.structure = "killCursors",
                              .rules = kFields,
                              .unknown = ErrorCode::FailedToParse,
                              .missing = ErrorCode::FailedToParse,
                              .wrong_type = ErrorCode::FailedToParse}));
    const bson::ArrayView wanted = context.command.find("cursors").as_array();
    if (wanted.empty()) {
        return fail(ErrorCode::BadValue, "Must specify at least one cursor id in: cursors");
    }
    std::vector<std::int64_t> killed;
    std::vector<std::int64_t> not_found;
    for (const bson::Element& id : wanted) {
        if (id.value.type() != bson::Type::Int64) {
            return fail(ErrorCode::FailedToParse,
                        "Field 'cursors' contains an element that is "
                        "not of type long");
        }
        const std::int64_t number = id.value.as_int64();
        const bool ours = context.service.cursors.namespace_of(number) == ns;
        (ours && context.service.cursors.kill(number) ? killed : not_found).push_back(number);
    }
    append_ids(reply, "cursorsKilled", killed);
    append_ids(reply, "cursorsNotFound", not_found);
    append_ids(reply, "cursorsAlive", {});
    append_ids(reply, "cursorsUnknown", {});
    return {};
}

}  // namespace plumb::commands
