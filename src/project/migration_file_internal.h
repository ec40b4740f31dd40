// SPDX-License-Identifier: GPL-3.0-or-later
// Reading and writing one operation. For this folder.
#pragma once

#include "bson/builder.h"
#include "project/migration_operations.h"
#include "project/yaml_document.h"

#include <string>
#include <string_view>

namespace plumb::project {

// One element of `up`: a map of one key, the kind.
//   errors  ProjectFileInvalid at the place that is wrong
[[nodiscard]] Result<Operation> read_operation(const YamlNode& node);

// Appends what the operation does, without purposes, to the document that is open. What stands
// there is part of checksums: an operation that is written as before gives the same bytes as
// before.
void append_canonical(bson::Builder& out, const Operation& operation);

// A map's member as a document, or an empty one if it is not there.
[[nodiscard]] Result<bson::Document> document_or_empty(const YamlNode& body, std::string_view key);
// A member's text, empty if it is not there.
[[nodiscard]] std::string text_at(const YamlNode& body, std::string_view key);

// The readers of each kind. requires that check_keys() found the keys of the kind in order.
//   errors  ProjectFileInvalid at the place that is wrong
[[nodiscard]] Status read_add_field(const YamlNode& body, Operation& out);
[[nodiscard]] Status read_copy_field(const YamlNode& body, Operation& out);
[[nodiscard]] Status read_create_collection(const YamlNode& body, Operation& out);
[[nodiscard]] Status read_create_indexes(const YamlNode& body, Operation& out);
[[nodiscard]] Status read_delete(const YamlNode& body, Operation& out);
[[nodiscard]] Status read_drop_collection(const YamlNode& body, Operation& out);
[[nodiscard]] Status read_drop_indexes(const YamlNode& body, Operation& out);
[[nodiscard]] Status read_hide_index(const YamlNode& body, Operation& out);
[[nodiscard]] Status read_link(const YamlNode& body, Operation& out);
[[nodiscard]] Status read_native(const YamlNode& body, Operation& out);
[[nodiscard]] Status read_remove_field(const YamlNode& body, Operation& out);
[[nodiscard]] Status read_rename_collection(const YamlNode& body, Operation& out);
[[nodiscard]] Status read_rename_field(const YamlNode& body, Operation& out);
[[nodiscard]] Status read_run(const YamlNode& body, Operation& out);
[[nodiscard]] Status read_set_options(const YamlNode& body, Operation& out);
[[nodiscard]] Status read_set_validator(const YamlNode& body, Operation& out);
[[nodiscard]] Status read_transform(const YamlNode& body, Operation& out);
[[nodiscard]] Status read_unhide_index(const YamlNode& body, Operation& out);

}  // namespace plumb::project
