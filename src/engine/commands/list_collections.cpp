// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/authorize.h"
#include "engine/commands/command_functions.h"
#include "engine/commands/cursor_reply.h"
#include "engine/commands/fields.h"
#include "engine/commands/index_validation.h"
#include "engine/commands/service_state.h"
#include "engine/query/matcher.h"

#include <fmt/format.h>

#include <array>

namespace plumb::commands {

namespace {

constexpr auto kFields = std::to_array<FieldRule>({
    {"filter", kDocument},
    {"cursor", kDocument},
    {"nameOnly", kBool},
    {"authorizedCollections", kBool},
    {"includePendingDrops", kBool},
    {"comment", kAnyType},
});
constexpr std::uint8_t kUuidSubtype = 4;

bson::Document describe(const storage::CollectionState& state, bool name_only) {
    bson::Builder out;
    out.append("name", state.name());
    out.append("type", state.is_view() ? "view" : "collection");
    if (name_only) {
        return out.finish();
    }
    out.append("options", state.options);
    out.begin_document("info");
    out.append("readOnly", state.is_view());
    if (!state.is_view()) {
        out.append_binary("uuid", {kUuidSubtype, state.uuid.bytes});
    }
    out.end();
    if (!state.is_view() && !state.indexes.empty()) {
        out.append("idIndex", listed_with_namespace(state.indexes.front()->spec, state.ns));
    }
    return out.finish();
}

}  // namespace

Status run_list_collections(CommandContext& context, bson::Builder& reply) {
    PLUMB_CHECK(check_fields(context.command, {.structure = "listCollections", .rules = kFields}));
    PLUMB_TRY(batch_size, parse_cursor_option(context.command.find("cursor")));
    PLUMB_TRY(filter, query::Matcher::parse(document_or_empty(context.command, "filter")));
    const bool name_only = bool_or(context.command, "nameOnly", false);
    std::vector<bson::Document> listed;
    for (const auto& state : context.service.engine.collections()) {
        if (state->database() != context.database() || !lists_collection(context, state->ns)) {
            continue;
        }
        bson::Document described = describe(*state, name_only);
        if (filter.matches(described)) {
            listed.push_back(std::move(described));
        }
    }
    return reply_with_list(context,
                           fmt::format("{}.$cmd.listCollections", context.database()),
                           std::move(listed),
                           batch_size,
                           reply);
}

}  // namespace plumb::commands
