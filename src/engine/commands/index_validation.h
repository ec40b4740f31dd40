// SPDX-License-Identifier: GPL-3.0-or-later
// What createIndexes accepts: the keys, options and combinations of one index, and how it agrees
// with the indexes that are there.
//
//   PLUMB_TRY(spec, parse_index("shop.orders", {key: {a: 1}, name: "a_1"}));
//   PLUMB_TRY(fate, compare_with_existing(spec, existing));     // New, or AlreadyThere
//
// Source   MongoDB manual, "createIndexes"; tests/conformance/index.jsonl
// Threads  pure functions.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "engine/storage/index_spec.h"

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace plumb::commands {

// A complete specification from what a client sent.
//   errors  FailedToParse (9) without key or name; TypeMismatch; CannotCreateIndex (67);
//           InvalidIndexSpecificationOption (197); BadValue (2); 16763, 16764 for hashed ones
[[nodiscard]] Result<storage::IndexSpec> parse_index(std::string_view ns, bson::View spec);

// The key pattern alone. errors: CannotCreateIndex (67)
[[nodiscard]] Status check_index_key(bson::View key);

enum class IndexFate : std::uint8_t { New, AlreadyThere };

// errors  IndexKeySpecsConflict (86): the name is taken by another key; IndexOptionsConflict (85):
//         the key is there under another name or with other options
[[nodiscard]] Result<IndexFate> compare_with_existing(
    const storage::IndexSpec& spec, const std::vector<const storage::IndexSpec*>& existing);

// The specification as listIndexes shows it: `listed` with `ns` behind the name.
[[nodiscard]] bson::Document listed_with_namespace(const storage::IndexSpec& spec,
                                                   std::string_view ns);

}  // namespace plumb::commands
