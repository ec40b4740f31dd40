// SPDX-License-Identifier: GPL-3.0-or-later
// Checking values against a compiled schema.
#include "engine/query/json_schema.h"

#include "bson/compare.h"
#include "bson/number.h"
#include "engine/query/json_schema_node.h"
#include "engine/query/match_internal.h"
#include "engine/query/regex.h"

#include <algorithm>

namespace plumb::query {
namespace {

using bson::ArrayView;
using bson::Element;
using bson::Type;
using bson::ValueView;
using bson::View;

std::int64_t count_code_points(std::string_view text) {
    return std::count_if(text.begin(), text.end(), [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
    });
}

bool within(std::int64_t count,
            const std::optional<std::int64_t>& least,
            const std::optional<std::int64_t>& most) {
    return (!least || count >= *least) && (!most || count <= *most);
}

bool type_allowed(const SchemaNode& schema, ValueView value) {
    const bool any = schema.types.types.empty() && !schema.types.any_number;
    return any || test_type(schema.types, value);
}

bool test_bound(const std::optional<SchemaNode::Bound>& bound, ValueView value) {
    return !bound || test_comparison(bound->comparison, value);
}

bool number_allowed(const SchemaNode& schema, ValueView value) {
    if (!value.is_number()) {
        return true;
    }
    if (!schema.multiple_of.missing()) {
        const bson::Decimal128 rest = bson::decimal_remainder(
            bson::to_decimal(value), bson::to_decimal(schema.multiple_of.view()));
        if (!bson::decimal_is_zero(rest)) {
            return false;
        }
    }
    return test_bound(schema.minimum, value) && test_bound(schema.maximum, value);
}

bool string_allowed(const SchemaNode& schema, ValueView value) {
    if (value.type() != Type::String) {
        return true;
    }
    return within(count_code_points(value.as_string()), schema.min_length, schema.max_length) &&
           (schema.pattern == nullptr || schema.pattern->matches(value.as_string()));
}

bool has_duplicates(ArrayView array) {
    std::vector<ValueView> seen;
    for (const Element& element : array) {
        const bool again = std::any_of(seen.begin(), seen.end(), [&element](ValueView other) {
            return equal_unordered(element.value, other);
        });
        if (again) {
            return true;
        }
        seen.push_back(element.value);
    }
    return false;
}

bool additional_allowed(const SchemaNode::Additional& additional, ValueView value) {
    if (additional.schema != nullptr) {
        return schema_allows(*additional.schema, value);
    }
    return additional.allowed;
}

bool array_allowed(const SchemaNode& schema, ValueView value) {
    if (value.type() != Type::Array) {
        return true;
    }
    const ArrayView array = value.as_array();
    if (!within(static_cast<std::int64_t>(array.count()), schema.min_items, schema.max_items) ||
        (schema.unique_items && has_duplicates(array))) {
        return false;
    }
    std::size_t index = 0;
    for (const Element& element : array) {
        if (schema.items != nullptr && !schema_allows(*schema.items, element.value)) {
            return false;
        }
        const bool in_tuple = index < schema.tuple.size();
        if (in_tuple && !schema_allows(*schema.tuple[index], element.value)) {
            return false;
        }
        if (!in_tuple && !additional_allowed(schema.additional_items, element.value)) {
            return false;
        }
        ++index;
    }
    return true;
}

// One field against properties, patternProperties and, if none names it, additionalProperties.
bool field_allowed(const SchemaNode& schema, const Element& field) {
    bool named = false;
    for (const auto& [name, inner] : schema.properties) {
        if (name == field.name) {
            named = true;
            if (!schema_allows(*inner, field.value)) {
                return false;
            }
        }
    }
    for (const SchemaNode::Pattern& pattern : schema.pattern_properties) {
        if (pattern.regex->matches(field.name)) {
            named = true;
            if (!schema_allows(*pattern.schema, field.value)) {
                return false;
            }
        }
    }
    return named || additional_allowed(schema.additional_properties, field.value);
}

bool dependency_holds(const SchemaNode::Dependency& dependency, ValueView value) {
    const View document = value.as_document();
    if (!document.has(dependency.field)) {
        return true;
    }
    if (dependency.schema != nullptr) {
        return schema_allows(*dependency.schema, value);
    }
    return std::all_of(dependency.required.begin(),
                       dependency.required.end(),
                       [&document](const std::string& name) { return document.has(name); });
}

bool document_allowed(const SchemaNode& schema, ValueView value) {
    if (value.type() != Type::Document) {
        return true;
    }
    const View document = value.as_document();
    if ((schema.min_properties || schema.max_properties) &&
        !within(static_cast<std::int64_t>(document.count()),
                schema.min_properties,
                schema.max_properties)) {
        return false;
    }
    for (const std::string& name : schema.required) {
        if (!document.has(name)) {
            return false;
        }
    }
    for (const Element& field : document) {
        if (!field_allowed(schema, field)) {
            return false;
        }
    }
    return std::all_of(
        schema.dependencies.begin(),
        schema.dependencies.end(),
        [value](const SchemaNode::Dependency& each) { return dependency_holds(each, value); });
}

bool combinations_allow(const SchemaNode& schema, ValueView value) {
    const auto allows = [value](const SchemaNode::Ptr& inner) {
        return schema_allows(*inner, value);
    };
    const auto& any = schema.any_of;
    const auto& one = schema.one_of;
    return std::all_of(schema.all_of.begin(), schema.all_of.end(), allows) &&
           (any.empty() || std::any_of(any.begin(), any.end(), allows)) &&
           (one.empty() || std::count_if(one.begin(), one.end(), allows) == 1) &&
           (schema.none_of == nullptr || !schema_allows(*schema.none_of, value));
}

bool value_listed(const SchemaNode& schema, ValueView value) {
    const auto& allowed = schema.allowed_values;
    return allowed.empty() ||
           std::any_of(allowed.begin(), allowed.end(), [value](const bson::Value& each) {
               return equal_unordered(each.view(), value);
           });
}

}  // namespace

bool equal_unordered(ValueView a, ValueView b) {
    if (a.type() != b.type() || (a.type() != Type::Document && a.type() != Type::Array)) {
        return bson::equal(a, b);
    }
    if (a.as_container().count() != b.as_container().count()) {
        return false;
    }
    std::size_t index = 0;
    for (const Element& element : a.as_container()) {
        const ValueView other =
            a.type() == Type::Array ? b.as_array().at(index) : b.as_document().find(element.name);
        if (other.missing() || !equal_unordered(element.value, other)) {
            return false;
        }
        ++index;
    }
    return true;
}

bool schema_allows(const SchemaNode& schema, ValueView value) {
    return type_allowed(schema, value) && number_allowed(schema, value) &&
           string_allowed(schema, value) && array_allowed(schema, value) &&
           document_allowed(schema, value) && value_listed(schema, value) &&
           combinations_allow(schema, value);
}

bool schema_matches(const SchemaNode& schema, View document) {
    return schema_allows(schema, document.as_value());
}

View schema_source(const SchemaNode& schema) {
    return schema.source.view();
}

}  // namespace plumb::query
