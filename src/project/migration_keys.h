// SPDX-License-Identifier: GPL-3.0-or-later
// The operations of a migration file and their keys as one table: what the parser takes, what
// `plumb migrate new` explains and what the JSON Schema for editors says are the same rows.
//
// Source   spec 04 "Format"
// Threads  constant data, pure functions.
#pragma once

#include "base/result.h"
#include "project/yaml_document.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace plumb::project {

enum class KeyType : std::uint8_t {
    Collection,  // the name of a collection
    Field,       // a dotted path
    Text,
    Texts,  // a list of at least one text
    Boolean,
    Seconds,   // a whole number, 0 or more
    Document,  // any map
    Pipeline,  // a map, or a list of maps: stages of an update with a pipeline
    Command,   // a map whose first key is the command's name
    Value,     // anything
    Key,       // an index key: field: direction
    Indexes,   // a list of indexes, see index_keys()
    Choice,    // one of `choices`
};

struct KeyRow {
    std::string_view name;
    KeyType type = KeyType::Value;
    bool required = false;
    std::string_view about;
    std::span<const std::string_view> choices{};
};

struct OperationKeys {
    std::string_view kind;
    std::string_view about;
    std::string_view inverse;      // what the way back does
    std::span<const KeyRow> keys;  // none: the operation is one text (`native: name`)
    std::string_view example;      // one line of YAML in flow style, what stands after `- `
};

// All operations, sorted by kind.
[[nodiscard]] std::span<const OperationKeys> operation_keys();
// The row of a kind; null if there is none.
[[nodiscard]] const OperationKeys* find_operation_keys(std::string_view kind);
// The keys of one index in `create_indexes`.
[[nodiscard]] std::span<const KeyRow> index_keys();
// The keys of one field in the `fields` of add_field.
[[nodiscard]] std::span<const KeyRow> new_field_keys();
// The keys of the file itself.
[[nodiscard]] std::span<const KeyRow> file_keys();

// True for a dotted path that a document can have.
[[nodiscard]] bool is_field_path(std::string_view text);

// errors  ProjectFileInvalid at an unknown key ("did you mean …"), at a value of another type, or
// at
//         the map if a required key is missing
[[nodiscard]] Status check_keys(const YamlNode& map, std::span<const KeyRow> keys);

}  // namespace plumb::project
