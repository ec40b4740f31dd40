// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/migration_schema.h"

#include "base/limits.h"
#include "bson/builder.h"
#include "project/migration_keys.h"

#include <fmt/format.h>

namespace plumb::project {
namespace {

constexpr std::string_view kFieldPattern = "^(?!_id$)[^.$][^$]*$";
constexpr std::string_view kCollectionPattern = "^(?!_plumb_|system\\.)[^.$][^$]*$";

void append_object(bson::Builder& out, std::span<const KeyRow> keys);

void append_reference(bson::Builder& out, std::string_view definition) {
    out.append("$ref", fmt::format("#/definitions/{}", definition));
}

void append_pipeline(bson::Builder& out) {
    out.begin_array("oneOf");
    out.push_document();
    out.append("type", "object");
    out.end();
    out.push_document();
    out.append("type", "array");
    out.append("minItems", 1);
    out.begin_document("items");
    out.append("type", "object");
    out.end();
    out.end();
    out.end();
}

void append_list(bson::Builder& out, std::string_view item_type) {
    out.append("type", "array");
    out.append("minItems", 1);
    out.begin_document("items");
    out.append("type", item_type);
    out.end();
}

// The type of one key's value, in the schema that is open.
void append_type(bson::Builder& out, const KeyRow& row) {
    switch (row.type) {
        case KeyType::Collection:
            out.append("type", "string");
            out.append("pattern", kCollectionPattern);
            return;
        case KeyType::Field:
            out.append("type", "string");
            out.append("pattern", kFieldPattern);
            return;
        case KeyType::Text:
            out.append("type", "string");
            out.append("minLength", 1);
            return;
        case KeyType::Texts:
            append_list(out, "string");
            return;
        case KeyType::Boolean:
            out.append("type", "boolean");
            return;
        case KeyType::Seconds:
            out.append("type", "integer");
            out.append("minimum", 0);
            return;
        case KeyType::Document:
            out.append("type", "object");
            return;
        case KeyType::Command:
            out.append("type", "object");
            out.append("minProperties", 1);
            return;
        case KeyType::Pipeline:
            append_pipeline(out);
            return;
        case KeyType::Key:
            append_reference(out, "key");
            return;
        case KeyType::Indexes:
            out.append("type", "array");
            out.append("minItems", 1);
            out.begin_document("items");
            append_reference(out, "index");
            out.end();
            return;
        case KeyType::Choice:
            out.begin_array("enum");
            for (const std::string_view choice : row.choices) {
                out.push(choice);
            }
            out.end();
            return;
        case KeyType::Value:
            return;
    }
}

void append_property(bson::Builder& out, const KeyRow& row) {
    out.begin_document(row.name);
    out.append("description", row.about);
    append_type(out, row);
    out.end();
}

void append_object(bson::Builder& out, std::span<const KeyRow> keys) {
    out.append("type", "object");
    out.append("additionalProperties", false);
    out.begin_array("required");
    for (const KeyRow& row : keys) {
        if (row.required) {
            out.push(row.name);
        }
    }
    out.end();
    out.begin_document("properties");
    for (const KeyRow& row : keys) {
        append_property(out, row);
    }
    out.end();
}

void append_key_definition(bson::Builder& out) {
    out.begin_document("key");
    out.append("type", "object");
    out.append("minProperties", 1);
    out.append("maxProperties", static_cast<std::int32_t>(kIndexFieldsMax));
    out.begin_document("additionalProperties");
    out.begin_array("oneOf");
    out.push_document();
    out.append("type", "number");
    out.begin_document("not");
    out.append("const", 0);
    out.end();
    out.end();
    out.push_document();
    out.begin_array("enum");
    for (const char* plugin : {"2d", "2dsphere", "hashed", "text"}) {
        out.push(plugin);
    }
    out.end();
    out.end();
    out.end();
    out.end();
    out.end();
}

void append_operation(bson::Builder& out) {
    out.begin_document("operation");
    out.append("type", "object");
    out.append("minProperties", 1);
    out.append("maxProperties", 1);
    out.append("additionalProperties", false);
    out.begin_document("properties");
    for (const OperationKeys& row : operation_keys()) {
        out.begin_document(row.kind);
        out.append("description", fmt::format("{}; back: {}", row.about, row.inverse));
        if (row.keys.empty()) {
            out.append("type", "string");
            out.append("pattern", "^[A-Za-z0-9_]+$");
        } else {
            append_object(out, row.keys);
        }
        out.end();
    }
    out.end();
    out.end();
}

// What the table leaves open of the file's own keys.
void append_file_key(bson::Builder& out, const KeyRow& row) {
    out.begin_document(row.name);
    out.append("description", row.about);
    if (row.name == "version") {
        out.append("type", "integer");
        out.append("minimum", 1);
    } else if (row.name == "up") {
        out.append("type", "array");
        out.append("minItems", 1);
        out.begin_document("items");
        append_reference(out, "operation");
        out.end();
    } else {
        append_type(out, row);
    }
    out.end();
}

}  // namespace

bson::Document migration_schema() {
    bson::Builder out;
    out.append("$schema", "http://json-schema.org/draft-07/schema#");
    out.append("title", "Plumbline migration");
    out.append("type", "object");
    out.append("additionalProperties", false);
    out.begin_array("required");
    for (const KeyRow& row : file_keys()) {
        if (row.required) {
            out.push(row.name);
        }
    }
    out.end();
    out.begin_document("properties");
    for (const KeyRow& row : file_keys()) {
        append_file_key(out, row);
    }
    out.end();
    out.begin_document("definitions");
    append_key_definition(out);
    out.begin_document("index");
    append_object(out, index_keys());
    out.end();
    append_operation(out);
    out.end();
    return out.finish();
}

std::string schema_line() {
    return fmt::format("# yaml-language-server: $schema=./{}", kMigrationSchemaFile);
}

}  // namespace plumb::project
