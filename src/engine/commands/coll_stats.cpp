// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"
#include "engine/commands/namespace_name.h"
#include "engine/commands/service_state.h"
#include "engine/commands/table_sizes.h"
#include "engine/storage/capped.h"

#include <fmt/format.h>

#include <limits>

namespace plumb::commands {

namespace {

// As MongoDB's appendNumber: 32 bits where they suffice.
void append_number(bson::Builder& out, std::string_view name, std::int64_t number) {
    if (number <= std::numeric_limits<std::int32_t>::max()) {
        out.append(name, static_cast<std::int32_t>(number));
    } else {
        out.append(name, number);
    }
}

void append_capped_limits(bson::Builder& out,
                          const storage::CollectionState& state,
                          std::int64_t scale) {
    append_number(out, "max", integer(state.options, "max").value_or(-1));
    append_number(out, "maxSize", storage::capped_bytes(state) / scale);
    append_number(out, "sleepCount", 0);
    append_number(out, "sleepMS", 0);
}

void append_table(bson::Builder& out,
                  std::string_view name,
                  std::string_view uri,
                  const storage::TableSizes& sizes) {
    out.begin_document(name);
    out.begin_document("metadata");
    out.append("formatVersion", 1);
    out.end();
    out.append("type", "file");
    out.append("uri", fmt::format("statistics:{}", uri));
    out.begin_document("block-manager");
    append_number(out, "file bytes available for reuse", sizes.reusable_bytes);
    append_number(out, "file size in bytes", sizes.file_bytes);
    out.end();
    out.begin_document("cache");
    append_number(out, "bytes currently in the cache", sizes.cached_bytes);
    out.end();
    out.end();
}

void append_indexes(bson::Builder& reply,
                    const storage::CollectionState* state,
                    const CollectionSizes& sizes,
                    std::int64_t scale) {
    append_number(reply, "nindexes", static_cast<std::int64_t>(sizes.indexes.size()));
    reply.begin_document("indexDetails");
    for (std::size_t at = 0; state != nullptr && at < sizes.indexes.size(); ++at) {
        const IndexSizes& one = sizes.indexes[at];
        const auto index = state->find_index(one.name);
        append_table(reply,
                     one.name,
                     index == nullptr ? "" : index->table,
                     {one.bytes, 0, one.cached_bytes});
    }
    reply.end();
    reply.begin_array("indexBuilds").end();
    append_number(reply, "totalIndexSize", sizes.index_bytes_total / scale);
    reply.begin_document("indexSizes");
    for (const IndexSizes& one : sizes.indexes) {
        append_number(reply, one.name, one.bytes / scale);
    }
    reply.end();
}

}  // namespace

Status run_coll_stats(CommandContext& context, bson::Builder& reply) {
    PLUMB_TRY(ns, command_namespace(context.database(), context.command));
    PLUMB_TRY(scale, parse_scale(context.command.find("scale")));
    storage::CollectionStatePtr state;
    if (const auto collection = context.service.engine.collection(ns); collection) {
        state = collection->shared_state();
    }
    if (state != nullptr && state->is_view()) {
        return fail(ErrorCode::CommandNotSupportedOnView,
                    fmt::format("Namespace {} is a view, not a collection", ns));
    }
    PLUMB_TRY(sizes, collection_sizes(context.service.engine, ns));
    reply.append("ns", ns);
    append_number(reply, "size", sizes.data_bytes / scale);
    append_number(reply, "count", sizes.documents);
    if (sizes.documents > 0) {
        append_number(reply, "avgObjSize", sizes.data_bytes / sizes.documents);
    }
    append_number(reply, "storageSize", sizes.storage_bytes / scale);
    if (state != nullptr) {
        reply.append("capped", state->is_capped());
        if (state->is_capped()) {
            append_capped_limits(reply, *state, scale);
        }
        append_table(reply,
                     "wiredTiger",
                     state->table,
                     {sizes.storage_bytes, sizes.free_storage_bytes, sizes.cached_bytes});
    }
    append_indexes(reply, state.get(), sizes, scale);
    append_number(reply, "scaleFactor", scale);
    return {};
}

}  // namespace plumb::commands
