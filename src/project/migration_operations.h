// SPDX-License-Identifier: GPL-3.0-or-later
// The operations a migration is made of: what the file says of each, one struct a kind.
//
//   - add_field: {collection: orders, field: subscription_id, value: null}
//   - link: {from: delivery_statuses, to: orders, on: {customer_id: user_id}, set: {order_id: id}}
//
// Source   spec 04 "Format"
// Threads  value types.
#pragma once

#include "bson/document.h"
#include "bson/value.h"
#include "project/index_definition.h"
#include "project/yaml_document.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace plumb::project {

// What to do with an index that is in the way of a wanted one.
enum class OnConflict : std::uint8_t { Stop, Replace };

// create_indexes {collection, indexes: [...], on_conflict?: stop | replace, commit_quorum?}
struct CreateIndexes {
    std::vector<IndexDefinition> indexes;
    OnConflict on_conflict = OnConflict::Stop;
    bson::Value commit_quorum;  // a number or a word such as "majority"; Missing: the server's own
};

// drop_indexes {collection, names: [...]}
struct DropIndexes {
    std::vector<std::string> names;
};

// hide_index {collection, name}
struct HideIndex {
    std::string name;
};

// unhide_index {collection, name}
struct UnhideIndex {
    std::string name;
};

// create_collection {collection, options?: as `create` takes them}
struct CreateCollection {
    bson::Document options;
};

// rename_collection {collection, to}
struct RenameCollection {
    std::string to;
};

// drop_collection {collection}
struct DropCollection {};

// set_validator {collection, validator, level?: strict | moderate | off, action?: error | warn}
struct SetValidator {
    bson::Document validator;
    std::string level = "strict";
    std::string action = "error";
};

// set_options {collection, options: as `collMod` takes them}
struct SetOptions {
    bson::Document options;
};

// A field that documents without it get: a value as it stands, or an aggregation expression over
// the document. One of the two is Missing.
struct NewField {
    std::string field;
    bson::Value value;
    bson::Value expression;
};

// add_field {collection, field, value | expression, filter?}, or several at once:
// add_field {collection, fields: {name: {value: … | expression: …}, …}, filter?}
struct AddField {
    std::vector<NewField> fields;
    bson::Document filter;  // only these documents; empty: all
};

// copy_field {collection, from, to, filter?}
struct CopyField {
    std::string from;
    std::string to;
    bson::Document filter;
};

// rename_field {collection, from, to}
struct RenameField {
    std::string from;
    std::string to;
};

// link {from, to, on: {field of from: field of to, …}, set: {field of from: field of to, …},
// filter?}: a document of `from` gets the fields where exactly one document of `to` agrees with it
// in all of `on`. `from` is the operation's collection.
struct Link {
    std::string to;
    std::vector<std::pair<std::string, std::string>> on;
    std::vector<std::pair<std::string, std::string>> set;
    bson::Document filter;  // of documents of `from`; empty: all
};

// remove_field {collection, field, filter?}, or fields: [...]
struct RemoveField {
    std::vector<std::string> fields;
    bson::Document filter;
};

// transform {collection, filter?, pipeline: stages as `update` takes them}
struct Transform {
    bson::Document filter;
    std::vector<bson::Document> pipeline;
};

// delete {collection, filter}; the filter may be {} but has to be there.
struct Delete {
    bson::Document filter;
};

// run {up: command, down: command}; no collection.
struct RunCommand {
    bson::Document up;
    bson::Document down;
};

// native: class-name; no collection.
struct Native {
    std::string class_name;
};

using OperationBody = std::variant<CreateIndexes,
                                   DropIndexes,
                                   HideIndex,
                                   UnhideIndex,
                                   CreateCollection,
                                   RenameCollection,
                                   DropCollection,
                                   SetValidator,
                                   SetOptions,
                                   AddField,
                                   CopyField,
                                   RenameField,
                                   Link,
                                   RemoveField,
                                   Transform,
                                   Delete,
                                   RunCommand,
                                   Native>;

// One operation of `up`.
struct Operation {
    std::string kind;        // "create_indexes", "drop_indexes" …: names the body's type
    std::string collection;  // what it works on; empty for run and native
    OperationBody body;
    Position position;
};

}  // namespace plumb::project
