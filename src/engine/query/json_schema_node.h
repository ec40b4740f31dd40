// SPDX-License-Identifier: GPL-3.0-or-later
// A compiled $jsonSchema: what the parser makes and the check reads. Within these files only.
//
// Threads  constant after parsing.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "engine/query/match_node.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace plumb::query {

// One (sub-)schema. A keyword that is absent leaves its member at the default, which allows all.
class SchemaNode {
  public:
    using Ptr = std::shared_ptr<const SchemaNode>;

    // additionalProperties, additionalItems: anything, nothing, or what a schema allows.
    struct Additional {
        bool allowed = true;
        Ptr schema;
    };
    // One entry of dependencies: if `field` is there, so must be the others, or the schema holds.
    struct Dependency {
        std::string field;
        std::vector<std::string> required;
        Ptr schema;
    };
    struct Pattern {
        std::shared_ptr<const Regex> regex;
        Ptr schema;
    };
    // A limit on a number: a comparison (Lt, Lte, Gt, Gte) with its operand.
    struct Bound {
        MatchNode comparison;
        bool exclusive = false;
    };

    MatchNode types;  // its `types` and `any_number`; neither: any type
    std::optional<Bound> minimum;
    std::optional<Bound> maximum;
    bson::Value multiple_of;
    std::optional<std::int64_t> min_length;
    std::optional<std::int64_t> max_length;
    std::shared_ptr<const Regex> pattern;
    std::optional<std::int64_t> min_items;
    std::optional<std::int64_t> max_items;
    bool unique_items = false;
    Ptr items;                    // for every element
    std::vector<Ptr> tuple;       // for the first elements, one each
    Additional additional_items;  // for those after the tuple
    std::optional<std::int64_t> min_properties;
    std::optional<std::int64_t> max_properties;
    std::vector<std::string> required;
    std::vector<std::pair<std::string, Ptr>> properties;
    std::vector<Pattern> pattern_properties;
    Additional additional_properties;
    std::vector<Dependency> dependencies;
    std::vector<bson::Value> allowed_values;  // enum; empty: any
    std::vector<Ptr> all_of;
    std::vector<Ptr> any_of;
    std::vector<Ptr> one_of;
    Ptr none_of;  // not
    bson::Document source;
};

// Whether a value satisfies a schema.
[[nodiscard]] bool schema_allows(const SchemaNode& schema, bson::ValueView value);

// Equality by value where the order of a document's fields does not count.
[[nodiscard]] bool equal_unordered(bson::ValueView a, bson::ValueView b);

}  // namespace plumb::query
