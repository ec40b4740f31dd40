// SPDX-License-Identifier: GPL-3.0-or-later
// Readers for the arguments of $jsonSchema's keywords. Within the schema's files only.
//
// Threads  pure functions.
#pragma once

#include "base/result.h"
#include "bson/value.h"
#include "engine/query/json_schema_node.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::query {

// A keyword's argument and the keyword's name for messages.
struct Argument {
    std::string_view keyword;
    bson::ValueView value;
};

// TypeMismatch (14): the argument must be `wanted`.
[[nodiscard]] Error wrong_type(const Argument& argument, std::string_view wanted);
// FailedToParse (9): the argument `what`.
[[nodiscard]] Error malformed(const Argument& argument, std::string_view what);

[[nodiscard]] Result<SchemaNode::Ptr> read_schema(const Argument& argument);
[[nodiscard]] Status read_schemas(const Argument& argument, std::vector<SchemaNode::Ptr>& out);
// The same, at least one.
[[nodiscard]] Status read_nonempty_schemas(const Argument& argument,
                                           std::vector<SchemaNode::Ptr>& out);
[[nodiscard]] Status read_flag(const Argument& argument, bool& out);
// minimum, maximum.
[[nodiscard]] Status read_bound(const Argument& argument, std::optional<SchemaNode::Bound>& out);
// exclusiveMinimum, exclusiveMaximum.
[[nodiscard]] Status read_exclusive(const Argument& argument,
                                    std::optional<SchemaNode::Bound>& out);
// An integer of 0 or more.
[[nodiscard]] Status read_count(const Argument& argument, std::optional<std::int64_t>& out);
[[nodiscard]] Status read_regex(const Argument& argument,
                                std::string_view pattern,
                                std::shared_ptr<const Regex>& out);
// Names that must differ and be at least one: `required`, and an array in `dependencies`.
[[nodiscard]] Status read_names(const Argument& argument, std::vector<std::string>& out);
// A boolean or a schema.
[[nodiscard]] Status read_additional(const Argument& argument, SchemaNode::Additional& out);

}  // namespace plumb::query
