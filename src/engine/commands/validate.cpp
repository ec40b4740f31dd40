// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/namespace_name.h"
#include "engine/commands/service_state.h"
#include "engine/storage/cursors.h"

#include <fmt/format.h>

#include <map>

namespace plumb::commands {

namespace {

// Asking the interrupt for each key would cost more than reading it.
constexpr std::int64_t kKeysBetweenChecks = 1024;

// No field of a key begins with a smaller byte (bson/index_key.h).
constexpr std::string_view kBeforeAllKeys = "\x01";

Result<std::int64_t> count_keys(storage::Transaction& transaction,
                                const storage::IndexState& index,
                                Interrupt& interrupt) {
    PLUMB_TRY(cursor, storage::IndexCursor::open(transaction, index, storage::Direction::Forward));
    PLUMB_TRY(first, cursor->seek(kBeforeAllKeys));
    std::int64_t keys = 0;
    bool more = first.has_value();
    while (more) {
        ++keys;
        if (keys % kKeysBetweenChecks == 0) {
            PLUMB_CHECK(interrupt.check());
        }
        PLUMB_TRY(entry, cursor->next());
        more = entry.has_value();
    }
    return keys;
}

struct Counted {
    std::int64_t records = 0;
    std::vector<std::pair<std::string, std::int64_t>> keys;
};

Error not_there(std::string_view ns) {
    return fail(ErrorCode::NamespaceNotFound,
                fmt::format("Collection '{}' does not exist to validate.", ns));
}

// Lets go of the collection again: the engine opens it anew, and two holds could wait for a drop
// that waits for the first.
Status check_target(const storage::Engine& engine, std::string_view ns) {
    const auto collection = engine.collection(ns);
    if (!collection) {
        return not_there(ns);
    }
    if (collection->state().is_view()) {
        return fail(ErrorCode::CommandNotSupportedOnView, "Cannot validate a view");
    }
    return {};
}

Result<Counted> count_all(CommandContext& context, std::string_view ns) {
    const auto collection = context.service.engine.collection(ns);
    if (!collection) {
        return not_there(ns);
    }
    Counted out;
    out.records = collection->document_count();
    PLUMB_TRY(transaction, context.service.engine.begin(storage::Access::Read));
    for (const auto& index : collection->state().indexes) {
        PLUMB_TRY(keys, count_keys(*transaction, *index, context.operation.interrupt));
        out.keys.emplace_back(index->spec.name, keys);
    }
    return out;
}

void append_valid(bson::Builder& reply, const Counted& counted, bool valid) {
    reply.append("nInvalidDocuments", std::int64_t{0});
    reply.append("nrecords", static_cast<std::int32_t>(counted.records));
    reply.append("nIndexes", static_cast<std::int32_t>(counted.keys.size()));
    reply.begin_document("keysPerIndex");
    for (const auto& [name, keys] : counted.keys) {
        reply.append(name, static_cast<std::int32_t>(keys));
    }
    reply.end();
    reply.begin_document("indexDetails");
    // 4.2 sorts these by name, and keysPerIndex by age.
    const std::map<std::string_view, std::int64_t> by_name{counted.keys.begin(),
                                                           counted.keys.end()};
    for (const auto& [name, keys] : by_name) {
        reply.begin_document(name);
        reply.append("valid", valid);
        reply.end();
    }
    reply.end();
}

}  // namespace

Status run_validate(CommandContext& context, bson::Builder& reply) {
    PLUMB_TRY(ns, command_namespace(context.database(), context.command));
    storage::Engine& engine = context.service.engine;
    PLUMB_CHECK(check_target(engine, ns));
    PLUMB_TRY(problems, engine.validate(ns, context.operation.interrupt));
    PLUMB_TRY(counted, count_all(context, ns));
    reply.append("ns", ns);
    append_valid(reply, counted, problems.empty());
    reply.append("valid", problems.empty());
    reply.begin_array("warnings").end();
    reply.begin_array("errors");
    for (const std::string& problem : problems) {
        reply.push(problem);
    }
    reply.end();
    if (!problems.empty()) {
        reply.append("advice",
                     "A corrupt namespace has been detected. Make a copy of the data directory, "
                     "then try reIndex.");
    }
    reply.begin_array("extraIndexEntries").end();
    reply.begin_array("missingIndexEntries").end();
    return {};
}

}  // namespace plumb::commands
