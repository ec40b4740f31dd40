// SPDX-License-Identifier: GPL-3.0-or-later
// Everything of a collection but its documents: how it is made, its indexes, its validator; views.
//
// Threads  pure functions on a connection.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "client/client.h"

#include <string>
#include <string_view>
#include <vector>

namespace plumb::copy {

// One row of listCollections.
struct Definition {
    std::string name;
    bool is_view = false;
    bool capped = false;
    bson::Document options;  // as listCollections has them
    bson::Value uuid;        // Missing for a view
};

// All but system.* and this tool's own marks, by name.
[[nodiscard]] Result<std::vector<Definition>> read_definitions(client::Client& client,
                                                               std::string_view database);

// The `create` command: all options as they are.
[[nodiscard]] bson::Document create_command(const Definition& definition);
// createIndexes of those that `there` lacks by name, without _id_; empty if there is nothing to do.
[[nodiscard]] bson::Document indexes_command(std::string_view collection,
                                             const std::vector<bson::Document>& wanted,
                                             const std::vector<bson::Document>& there);
// Whether two lists of indexes mean the same, in any order; says what differs.
[[nodiscard]] std::string index_difference(const std::vector<bson::Document>& source,
                                           const std::vector<bson::Document>& target);

// It need not exist.
[[nodiscard]] Status drop_collection(client::Client& client,
                                     std::string_view database,
                                     std::string_view name);

}  // namespace plumb::copy
