// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/migration_keys.h"

#include "project/suggest.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace plumb::project {
namespace {

using enum KeyType;

constexpr bool kRequired = true;
constexpr bool kOptional = false;

constexpr auto kOnConflict = std::to_array<std::string_view>({"stop", "replace"});
constexpr auto kLevels = std::to_array<std::string_view>({"off", "moderate", "strict"});
constexpr auto kActions = std::to_array<std::string_view>({"error", "warn"});

// clang-format off
constexpr KeyRow kCollection{"collection", Collection, kRequired, "the collection it works on"};
constexpr KeyRow kFilter{"filter", Document, kOptional, "only the documents that match; all "
 "without it"};

constexpr auto kFile = std::to_array<KeyRow>({
    {"version",     Value, kRequired, "the number, the one in the file's name"},
    {"name",        Text,  kRequired, "a short name; with _ for spaces"},
    {"title",       Text,  kOptional, "the heading a run prints"},
    {"description", Text,  kOptional, "what it is for"},
    {"allow",       Texts, kOptional, "lint codes that are meant to be so in this file"},
    {"up",          Value, kRequired, "the operations, in their order"},
});

constexpr auto kIndex = std::to_array<KeyRow>({
    {"key",          Key,      kRequired, "field: 1 or -1 (or text, hashed, 2d, 2dsphere), in "
     "order"},
    {"name",         Text,     kOptional, "else MongoDB's default, field_1_other_-1"},
    {"unique",       Boolean,  kOptional, "no two documents with the same values"},
    {"sparse",       Boolean,  kOptional, "only documents that have a field of the key"},
    {"partial",      Document, kOptional, "only documents that match this filter"},
    {"expire_after", Seconds,  kOptional, "delete documents so many seconds after the date in the "
     "field"},
    {"hidden",       Boolean,  kOptional, "kept up to date and not used by queries (4.4+)"},
    {"collation",    Document, kOptional, "how texts compare, such as {locale: en, strength: 2}"},
    {"purpose",      Text,     kOptional, "which query needs it"},
});

constexpr auto kAddField = std::to_array<KeyRow>({
    kCollection,
    {"field",      Field,    kOptional, "the field to add where it is missing"},
    {"value",      Value,    kOptional, "the same value for all"},
    {"expression", Value,    kOptional, "or an aggregation expression, such as \"$other\""},
    {"fields",     Document, kOptional, "several at once: name: {value: …} or {expression: …}"},
    kFilter,
});
constexpr auto kNewField = std::to_array<KeyRow>({
    {"value",      Value, kOptional, "the same value for all"},
    {"expression", Value, kOptional, "or an aggregation expression"},
});
constexpr auto kCopyField = std::to_array<KeyRow>({
    kCollection,
    {"from", Field, kRequired, "the field to read"},
    {"to",   Field, kRequired, "the field to write where it is missing"},
    kFilter,
});
constexpr auto kCreateCollection = std::to_array<KeyRow>({
    kCollection,
    {"options", Document, kOptional, "as the create command takes them"},
});
constexpr auto kCreateIndexes = std::to_array<KeyRow>({
    kCollection,
    {"indexes",     Indexes, kRequired, "all are built in one scan"},
    {"on_conflict", Choice,  kOptional, "an index in the way: stop (default) or replace it",
     kOnConflict},
    {"commit_quorum", Value, kOptional, "members that have to be ready: a number, majority, "
     "votingMembers (4.4+)"},
});
constexpr auto kDelete = std::to_array<KeyRow>({
    kCollection,
    {"filter", Document, kRequired, "the documents to delete"},
});
constexpr auto kOnlyCollection = std::to_array<KeyRow>({kCollection});
constexpr auto kDropIndexes = std::to_array<KeyRow>({
    kCollection,
    {"names", Texts, kRequired, "names of indexes"},
});
constexpr auto kOneIndex = std::to_array<KeyRow>({
    kCollection,
    {"name", Text, kRequired, "the name of an index"},
});
constexpr auto kLink = std::to_array<KeyRow>({
    {"from", Collection, kRequired, "the collection whose documents get the field"},
    {"to",   Collection, kRequired, "the collection where the other document is looked for"},
    {"on",   Document,   kRequired, "field of `from`: field of `to`; all have to be equal"},
    {"set",  Document,   kRequired, "field of `from`: field of the one document found"},
    kFilter,
});
constexpr auto kRemoveField = std::to_array<KeyRow>({
    kCollection,
    {"field",  Field, kOptional, "the field to remove"},
    {"fields", Texts, kOptional, "or several"},
    kFilter,
});
constexpr auto kRenameCollection = std::to_array<KeyRow>({
    kCollection,
    {"to", Collection, kRequired, "its new name"},
});
constexpr auto kRenameField = std::to_array<KeyRow>({
    kCollection,
    {"from", Field, kRequired, "the field's name now"},
    {"to",   Field, kRequired, "its new name"},
});
constexpr auto kRun = std::to_array<KeyRow>({
    {"up",   Command, kRequired, "a database command"},
    {"down", Command, kRequired, "the command that undoes it"},
});
constexpr auto kSetOptions = std::to_array<KeyRow>({
    kCollection,
    {"options", Document, kRequired, "as collMod takes them"},
});
constexpr auto kSetValidator = std::to_array<KeyRow>({
    kCollection,
    {"validator", Document, kRequired, "the rule, such as {$jsonSchema: …}; {} for none"},
    {"level",     Choice,   kOptional, "which documents it applies to", kLevels},
    {"action",    Choice,   kOptional, "what happens to a document that breaks it", kActions},
});
constexpr auto kTransform = std::to_array<KeyRow>({
    kCollection,
    kFilter,
    {"pipeline", Pipeline, kRequired, "stages of an update with a pipeline"},
});

constexpr auto kOperations = std::to_array<OperationKeys>({
    {"add_field", "adds a field where it is missing", "unset where it was added", kAddField,
     "add_field: {collection: users, field: is_active, value: true}"},
    {"copy_field", "copies a field to another name", "unset where it was copied", kCopyField,
     "copy_field: {collection: users, from: name, to: display_name}"},
    {"create_collection", "creates an empty collection", "dropped again", kCreateCollection,
     "create_collection: {collection: audit_log}"},
    {"create_indexes", "builds indexes, all of a collection in one scan", "those that it built "
     "are dropped", kCreateIndexes,
     "create_indexes: {collection: users, indexes: [{key: {email: 1}, unique: true, purpose: "
     "log-in}]}"},
    {"delete", "deletes documents", "put back from a backup collection", kDelete,
     "delete: {collection: leads, filter: {status: lost}}"},
    {"drop_collection", "renames a collection aside; `prune` drops it", "renamed back",
     kOnlyCollection,
     "drop_collection: {collection: old_orders}"},
    {"drop_indexes", "drops indexes by name", "built again as they were", kDropIndexes,
     "drop_indexes: {collection: orders, names: [user_id_1]}"},
    {"hide_index", "takes an index from the planner, keeps it up to date (4.4+)", "unhidden",
     kOneIndex,
     "hide_index: {collection: orders, name: user_id_1}"},
    {"link", "writes a field found in another collection", "unset where it was written", kLink,
     "link: {from: deliveries, to: orders, on: {order_no: no}, set: {order_id: id}}"},
    {"native", "a step written in C++", "as written there", {},
     "native: link_users_and_customers"},
    {"remove_field", "removes a field", "old values put back from a backup collection",
     kRemoveField,
     "remove_field: {collection: users, field: legacy_code}"},
    {"rename_collection", "renames a collection", "renamed back", kRenameCollection,
     "rename_collection: {collection: customers, to: customers_v2}"},
    {"rename_field", "renames a field", "renamed back", kRenameField,
     "rename_field: {collection: users, from: mail, to: email}"},
    {"run", "a command as written", "the command written under `down`", kRun,
     "run: {up: {collMod: users, validationLevel: \"off\"}, down: {collMod: users, "
     "validationLevel: strict}}"},
    {"set_options", "changes options of a collection", "the former ones", kSetOptions,
     "set_options: {collection: events, options: {changeStreamPreAndPostImages: {enabled: true}}}"},
    {"set_validator", "sets the validator of a collection", "the former one", kSetValidator,
     "set_validator: {collection: orders, validator: {total_amount: {$gte: 0}}, action: warn}"},
    {"transform", "updates documents by a pipeline", "old values put back from a backup "
     "collection", kTransform,
     "transform: {collection: users, filter: {phone: {$type: string}}, pipeline: [{$set: {phone: "
     "{$trim: {input: \"$phone\"}}}}]}"},
    {"unhide_index", "gives an index back to the planner (4.4+)", "hidden", kOneIndex,
     "unhide_index: {collection: orders, name: user_id_1}"},
});
// clang-format on

bool is_collection_name(std::string_view text) {
    return !text.empty() && text.front() != '.' && text.find('$') == std::string_view::npos &&
           text.find('\0') == std::string_view::npos;
}

Status check_text(const YamlNode& node, const KeyRow& row) {
    PLUMB_TRY(text, node.as_string());
    if (row.type == Collection && !is_collection_name(text)) {
        return fail_at(node.position(), fmt::format("'{}' is no name of a collection", text));
    }
    if (row.type == Collection && (text.starts_with("_plumb_") || text.starts_with("system."))) {
        return fail_at(node.position(),
                       fmt::format("'{}' is no collection of the application", text));
    }
    if (row.type == Field && (!is_field_path(text) || text == "_id" || text.starts_with("_id."))) {
        return fail_at(node.position(), fmt::format("'{}' is no field it can work on", text));
    }
    if (row.type == Choice &&
        std::find(row.choices.begin(), row.choices.end(), text) == row.choices.end()) {
        return fail_at(node.position(),
                       fmt::format("'{}' is not one of {}{}",
                                   text,
                                   fmt::join(row.choices, ", "),
                                   did_you_mean(text, row.choices)));
    }
    if (text.empty()) {
        return fail_at(node.position(), fmt::format("'{}' is empty", row.name));
    }
    return {};
}

Status check_map(const YamlNode& node, const KeyRow& row) {
    if (!node.is_map()) {
        return fail_at(node.position(), fmt::format("'{}' is a map", row.name));
    }
    PLUMB_CHECK(node.as_bson_document());
    if (row.type == Command && node.members().empty()) {
        return fail_at(node.position(),
                       fmt::format("'{}' is a command, not an empty map", row.name));
    }
    return {};
}

Status check_pipeline(const YamlNode& node, const KeyRow& row) {
    if (node.is_map()) {
        return check_map(node, row);
    }
    if (node.items().empty()) {
        return fail_at(node.position(), fmt::format("'{}' is a list of stages", row.name));
    }
    for (const YamlNode& item : node.items()) {
        PLUMB_CHECK(check_map(item, row));
    }
    return {};
}

Status check_texts(const YamlNode& node, const KeyRow& row) {
    PLUMB_CHECK(node.as_strings());
    if (node.items().empty()) {
        return fail_at(node.position(), fmt::format("'{}' is a list of at least one", row.name));
    }
    return {};
}

Status check_type(const YamlNode& node, const KeyRow& row) {
    switch (row.type) {
        case Collection:
        case Field:
        case Text:
        case Choice:
            return check_text(node, row);
        case Texts:
            return check_texts(node, row);
        case Boolean:
            PLUMB_CHECK(node.as_bool());
            return {};
        case Seconds:
            PLUMB_CHECK(node.as_int());
            return {};
        case Document:
        case Command:
            return check_map(node, row);
        case Pipeline:
            return check_pipeline(node, row);
        case Value:
        case Key:
        case Indexes:
            return {};
    }
    return {};
}

}  // namespace

bool is_field_path(std::string_view text) {
    return !text.empty() && text.front() != '.' && text.back() != '.' && text.front() != '$' &&
           text.find("..") == std::string_view::npos && text.find(".$") == std::string_view::npos &&
           text.find('\0') == std::string_view::npos;
}

std::span<const OperationKeys> operation_keys() {
    return kOperations;
}

const OperationKeys* find_operation_keys(std::string_view kind) {
    const auto* row = std::lower_bound(
        kOperations.begin(), kOperations.end(), kind, [](const OperationKeys& each, auto name) {
            return each.kind < name;
        });
    return row == kOperations.end() || row->kind != kind ? nullptr : row;
}

std::span<const KeyRow> new_field_keys() {
    return kNewField;
}

std::span<const KeyRow> index_keys() {
    return kIndex;
}

std::span<const KeyRow> file_keys() {
    return kFile;
}

Status check_keys(const YamlNode& map, std::span<const KeyRow> keys) {
    if (!map.is_map()) {
        return fail_at(map.position(), "a map is needed here");
    }
    std::vector<std::string_view> names;
    for (const KeyRow& row : keys) {
        names.push_back(row.name);
    }
    for (const auto& [key, value] : map.members()) {
        const auto row =
            std::find_if(keys.begin(), keys.end(), [name = key.text()](const KeyRow& each) {
                return each.name == name;
            });
        if (row == keys.end()) {
            return fail_at(key.position(),
                           fmt::format("unknown key '{}'{} (known here: {})",
                                       key.text(),
                                       did_you_mean(key.text(), names),
                                       fmt::join(names, ", ")));
        }
        PLUMB_CHECK(check_type(value, *row));
    }
    for (const KeyRow& row : keys) {
        if (row.required && map.find(row.name) == nullptr) {
            return fail_at(map.position(), fmt::format("'{}' is missing: {}", row.name, row.about));
        }
    }
    return {};
}

}  // namespace plumb::project
