// SPDX-License-Identifier: GPL-3.0-or-later
// What an index is, wherever it was written: in strategy.yaml, in a migration, on the server.
//
//   PLUMB_TRY(wanted, read_index(node));                 // {key: {email: 1}, unique: true}
//   PLUMB_TRY(found, index_from_server(list_indexes[1]));
//   for (const Difference& each : differences(wanted, found)) { … }
//
// Definitions are compared in canonical form: `unique: false` is the same as no `unique`, key
// values by sign (1, 1.0 and 7 are one), documents by value.
//
// Source   MongoDB 4.2 manual, "createIndexes", "listIndexes"
// Threads  value types, pure functions.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "project/yaml_document.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::project {

struct IndexDefinition {
    std::string name;    // MongoDB's default name if the file gives none
    bson::Document key;  // field: 1, -1, "hashed", "text" …, in order
    bool unique = false;
    bool sparse = false;
    bool hidden = false;
    std::optional<bson::Document> partial;     // partialFilterExpression
    std::optional<std::int64_t> expire_after;  // seconds
    bson::Document other;                      // collation, weights …: all else, names sorted
    std::string purpose;                       // from YAML; no part of the comparison
    std::optional<Position> position;          // where it stands in a file
};

// "user_id_1_status_1", as MongoDB names an index without a name.
[[nodiscard]] std::string default_index_name(bson::View key);

// Reads the index keys of a YAML map: key, name, unique, sparse, hidden, partial, expire_after,
// collation, purpose. The caller checks for unknown keys.
//   errors  ProjectFileInvalid at the position of what MongoDB would refuse: a key value that is
//           0 or no direction, no fields, more than 32, sparse with partial, …
[[nodiscard]] Result<IndexDefinition> read_index(const YamlNode& node);

// From one document of listIndexes. errors: InvalidBson if it has no name or key
[[nodiscard]] Result<IndexDefinition> index_from_server(bson::View index);

// One element of `indexes` in a createIndexes command.
[[nodiscard]] bson::Document index_to_command(const IndexDefinition& index);

// One field in which two definitions differ, as text for people; "-" where one has none.
struct Difference {
    std::string field;
    std::string wanted;
    std::string found;
};

// Field by field; empty if they are the same index. The name is compared only if `with_name`.
[[nodiscard]] std::vector<Difference> differences(const IndexDefinition& wanted,
                                                  const IndexDefinition& found,
                                                  bool with_name = false);

// "unique: wanted true, found -; key: wanted …, found …"
[[nodiscard]] std::string describe(const std::vector<Difference>& differences);

// True if both have the same fields in the same order with the same signs.
[[nodiscard]] bool same_key(bson::View a, bson::View b);

// "{ status: 1, delivery_date: -1 }"
[[nodiscard]] std::string key_text(bson::View key);

}  // namespace plumb::project
