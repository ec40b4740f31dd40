// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/table_sizes.h"

#include "bson/number.h"

namespace plumb::commands {

namespace {

Status add_collection(storage::Engine& engine,
                      const storage::CollectionState& state,
                      DatabaseSizes& out) {
    if (state.is_view()) {
        ++out.views;
        return {};
    }
    PLUMB_TRY(sizes, collection_sizes(engine, state.ns));
    ++out.collections;
    out.indexes += static_cast<std::int32_t>(sizes.indexes.size());
    out.documents += sizes.documents;
    out.data_bytes += sizes.data_bytes;
    out.storage_bytes += sizes.storage_bytes;
    out.index_bytes += sizes.index_bytes_total;
    return {};
}

}  // namespace

Result<CollectionSizes> collection_sizes(storage::Engine& engine, std::string_view ns) {
    CollectionSizes out;
    const auto collection = engine.collection(ns);
    if (!collection || collection->state().is_view()) {
        return out;
    }
    out.documents = collection->document_count();
    out.data_bytes = collection->data_bytes();
    PLUMB_TRY(records, engine.record_table_sizes(collection->state()));
    out.storage_bytes = records.file_bytes;
    out.free_storage_bytes = records.reusable_bytes;
    out.cached_bytes = records.cached_bytes;
    for (const auto& index : collection->state().indexes) {
        PLUMB_TRY(sizes, engine.index_table_sizes(*index));
        out.indexes.push_back({index->spec.name, sizes.file_bytes, sizes.cached_bytes});
        out.index_bytes_total += sizes.file_bytes;
    }
    return out;
}

Result<std::map<std::string, DatabaseSizes, std::less<>>> database_sizes(storage::Engine& engine) {
    std::map<std::string, DatabaseSizes, std::less<>> out;
    for (const auto& state : engine.collections()) {
        PLUMB_CHECK(add_collection(engine, *state, out[std::string{state->database()}]));
    }
    return out;
}

Result<DatabaseSizes> database_sizes_of(storage::Engine& engine, std::string_view database) {
    DatabaseSizes out;
    for (const auto& state : engine.collections()) {
        if (state->database() == database) {
            PLUMB_CHECK(add_collection(engine, *state, out));
        }
    }
    return out;
}

Result<std::int64_t> parse_scale(bson::ValueView scale) {
    if (scale.nullish()) {
        return std::int64_t{1};
    }
    if (!scale.is_number()) {
        return fail(ErrorCode::TypeMismatch, "scale must be a number");
    }
    const std::int64_t number = bson::to_clamped_int64(scale);
    if (number < 1) {
        return fail(ErrorCode::BadValue, "scale has to be > 0");
    }
    return number;
}

}  // namespace plumb::commands
