// SPDX-License-Identifier: GPL-3.0-or-later
// The aggregation that sees keys as a unique index does. For this folder.
#pragma once

#include "bson/document.h"
#include "project/index_definition.h"

#include <string>
#include <vector>

namespace plumb::migrate {

// Stages that give one document {_id, id, k0, k1 …} for each key of each document that the index
// holds; with `keep` also that field, as `by`.
[[nodiscard]] std::vector<bson::Document> key_pipeline(const project::IndexDefinition& index,
                                                       const std::string& by = "");

// Of the documents of key_pipeline(): {_id: {k0, …}, n: how many} for each key of so many fields …
[[nodiscard]] bson::Document count_each(std::size_t fields);
// … and {_id: {k0, …}, documents: [{_id, id, by?}]}, with `by` if the pipeline was told to keep it.
[[nodiscard]] bson::Document documents_of_each(std::size_t fields);

// "a@x.in", or for several fields {id: 7, status: "x"}; "null or missing". `group` is {k0: …}.
[[nodiscard]] std::string key_value_text(bson::View group, const project::IndexDefinition& index);

}  // namespace plumb::migrate
