// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"
#include "engine/storage/catalog_record_internal.h"

#include <utility>

namespace plumb::storage {

namespace {

using bson::Type;

constexpr std::uint8_t kUuidSubtype = 4;

void append_spec(const IndexSpec& spec, bson::Builder& out) {
    out.append("name", spec.name);
    out.append("key", spec.key);
    out.append("hashed", spec.kind == IndexKind::Hashed);
    out.append("unique", spec.unique);
    out.append("sparse", spec.sparse);
    out.append("hidden", spec.hidden);
    if (spec.partial.has_value()) {
        out.append("partial", *spec.partial);
    }
    if (spec.expire_after_seconds.has_value()) {
        out.append("expireAfterSeconds", *spec.expire_after_seconds);
    }
    out.append("listed", spec.listed);
}

void append_index(const IndexState& index, bson::Builder& out) {
    append_spec(index.spec, out);
    out.append("number", static_cast<std::int64_t>(index.number));
    out.append("table", index.table);
    out.append("multikey", index.multikey);
    out.begin_array("multikeyPaths");
    for (const auto& components : index.multikey_paths) {
        out.push_array();
        for (const std::uint32_t component : components) {
            out.push(static_cast<std::int64_t>(component));
        }
        out.end();
    }
    out.end();
}

Error damaged(std::string_view what) {
    return fail(ErrorCode::DataVersionMismatch,
                "the catalog has a record this version cannot read (field " + std::string{what} +
                    "); the directory belongs to another version, or is damaged");
}

Result<bson::ValueView> need(bson::View record, std::string_view name, Type type) {
    const bson::ValueView value = record.find(name);
    if (value.type() != type) {
        return damaged(name);
    }
    return value;
}

Result<std::uint32_t> need_number(bson::View record, std::string_view name) {
    PLUMB_TRY(value, need(record, name, Type::Int64));
    if (value.as_int64() < 0 || value.as_int64() > std::int64_t{UINT32_MAX}) {
        return damaged(name);
    }
    return static_cast<std::uint32_t>(value.as_int64());
}

Result<IndexSpec> decode_spec(bson::View record) {
    IndexSpec spec;
    PLUMB_TRY(name, need(record, "name", Type::String));
    PLUMB_TRY(key, need(record, "key", Type::Document));
    PLUMB_TRY(hashed, need(record, "hashed", Type::Bool));
    PLUMB_TRY(unique, need(record, "unique", Type::Bool));
    PLUMB_TRY(sparse, need(record, "sparse", Type::Bool));
    PLUMB_TRY(hidden, need(record, "hidden", Type::Bool));
    PLUMB_TRY(listed, need(record, "listed", Type::Document));
    spec.name = name.as_string();
    spec.key = bson::Document{key.as_document()};
    spec.kind = hashed.as_bool() ? IndexKind::Hashed : IndexKind::Ordered;
    spec.unique = unique.as_bool();
    spec.sparse = sparse.as_bool();
    spec.hidden = hidden.as_bool();
    spec.listed = bson::Document{listed.as_document()};
    if (const bson::ValueView partial = record.find("partial"); partial.type() == Type::Document) {
        spec.partial = bson::Document{partial.as_document()};
    }
    if (const bson::ValueView seconds = record.find("expireAfterSeconds"); !seconds.missing()) {
        spec.expire_after_seconds = bson::Value{seconds};
    }
    return spec;
}

Result<std::shared_ptr<const IndexState>> decode_index(bson::View record) {
    auto index = std::make_shared<IndexState>();
    PLUMB_TRY(spec, decode_spec(record));
    PLUMB_TRY(pattern, bson::KeyPattern::parse(spec.key.view()));
    PLUMB_TRY(number, need_number(record, "number"));
    PLUMB_TRY(table, need(record, "table", Type::String));
    PLUMB_TRY(multikey, need(record, "multikey", Type::Bool));
    PLUMB_TRY(paths, need(record, "multikeyPaths", Type::Array));
    index->spec = std::move(spec);
    index->pattern = std::move(pattern);
    index->number = number;
    index->table = table.as_string();
    index->multikey = multikey.as_bool();
    index->life = std::make_shared<IndexLife>();
    for (const bson::Element& field : paths.as_array()) {
        if (field.value.type() != Type::Array) {
            return damaged("multikeyPaths");
        }
        std::vector<std::uint32_t>& components = index->multikey_paths.emplace_back();
        for (const bson::Element& component : field.value.as_array()) {
            if (component.value.type() != Type::Int64) {
                return damaged("multikeyPaths");
            }
            components.push_back(static_cast<std::uint32_t>(component.value.as_int64()));
        }
    }
    return std::shared_ptr<const IndexState>{std::move(index)};
}

}  // namespace

bson::Document encode_catalog_record(const CollectionState& state) {
    bson::Builder out;
    out.append("ns", state.ns);
    out.append_binary("uuid", {kUuidSubtype, state.uuid.bytes});
    out.append("options", state.options);
    out.append("number", static_cast<std::int64_t>(state.number));
    out.append("table", state.table);
    out.begin_array("indexes");
    for (const auto& index : state.indexes) {
        out.push_document();
        append_index(*index, out);
        out.end();
    }
    out.end();
    return out.finish();
}

Result<CollectionState> decode_catalog_record(bson::View record) {
    CollectionState state;
    PLUMB_TRY(ns, need(record, "ns", Type::String));
    PLUMB_TRY(uuid, need(record, "uuid", Type::Binary));
    PLUMB_TRY(options, need(record, "options", Type::Document));
    PLUMB_TRY(number, need_number(record, "number"));
    PLUMB_TRY(table, need(record, "table", Type::String));
    PLUMB_TRY(indexes, need(record, "indexes", Type::Array));
    state.ns = ns.as_string();
    state.uuid.bytes = uuid.as_binary().bytes;
    state.options = bson::Document{options.as_document()};
    state.number = number;
    state.table = table.as_string();
    for (const bson::Element& element : indexes.as_array()) {
        if (element.value.type() != Type::Document) {
            return damaged("indexes");
        }
        PLUMB_TRY(index, decode_index(element.value.as_document()));
        state.indexes.push_back(std::move(index));
    }
    return state;
}

}  // namespace plumb::storage
