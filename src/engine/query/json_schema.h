// SPDX-License-Identifier: GPL-3.0-or-later
// $jsonSchema: JSON Schema draft 4 with MongoDB's additions (bsonType), as 4.2 supports it.
//
//   PLUMB_TRY(schema, parse_json_schema(spec));
//   if (!schema_matches(*schema, document)) { … }
//
// Source   MongoDB manual, "$jsonSchema"; tests/conformance/match.jsonl (jsonschema)
// Threads  const functions may run at once.
#pragma once

#include "base/result.h"
#include "bson/document.h"

#include <memory>

namespace plumb::query {

class SchemaNode;

// errors  FailedToParse (9) for an unknown keyword or a wrong combination, TypeMismatch (14) for an
//         argument of a wrong type, BadValue (2) for an unknown type name
[[nodiscard]] Result<std::shared_ptr<const SchemaNode>> parse_json_schema(bson::View spec);

[[nodiscard]] bool schema_matches(const SchemaNode& schema, bson::View document);

// The schema as the user wrote it.
[[nodiscard]] bson::View schema_source(const SchemaNode& schema);

}  // namespace plumb::query
