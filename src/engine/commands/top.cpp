// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/namespace_name.h"
#include "engine/commands/service_state.h"
#include "engine/commands/top_counters.h"

#include <limits>

namespace plumb::commands {

namespace {

constexpr std::array<std::string_view, kTopColumns> kColumnNames{"total",
                                                                 "readLock",
                                                                 "writeLock",
                                                                 "queries",
                                                                 "getmore",
                                                                 "insert",
                                                                 "update",
                                                                 "remove",
                                                                 "commands"};

void append_number(bson::Builder& out, std::string_view name, std::int64_t number) {
    if (number > std::numeric_limits<std::int32_t>::max()) {
        out.append(name, number);
    } else {
        out.append(name, static_cast<std::int32_t>(number));
    }
}

}  // namespace

Status run_top(CommandContext& context, bson::Builder& reply) {
    const storage::Engine& engine = context.service.engine;
    // A command on a database as a whole stands under its $cmd; a collection as long as it exists.
    const auto keep = [&](std::string_view ns) {
        return collection_of(ns).starts_with("$cmd") || engine.collection(ns).has_value();
    };
    reply.begin_document("totals");
    reply.append("note", "all times in microseconds");
    for (const auto& [ns, row] : context.service.top->rows(keep)) {
        reply.begin_document(ns);
        for (std::size_t column = 0; column < kTopColumns; ++column) {
            reply.begin_document(kColumnNames[column]);
            append_number(reply, "time", row[column].microseconds);
            append_number(reply, "count", row[column].count);
            reply.end();
        }
        reply.end();
    }
    reply.end();
    return {};
}

}  // namespace plumb::commands
