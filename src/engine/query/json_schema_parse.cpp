// SPDX-License-Identifier: GPL-3.0-or-later
// Reading a schema: one row per keyword.
#include "bson/number.h"
#include "engine/query/json_schema.h"
#include "engine/query/json_schema_argument.h"
#include "engine/query/json_schema_node.h"
#include "engine/query/match_internal.h"
#include "engine/query/regex.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::query {
namespace {

using bson::Element;
using bson::Type;
using bson::ValueView;
using bson::View;

// Names of JSON's own types; "integer" is none of 4.2's.
Status read_json_type(std::string_view name, MatchNode& out) {
    struct Row {
        std::string_view name;
        Type type;
    };
    static constexpr auto kTypes = std::to_array<Row>({
        {"array", Type::Array},
        {"boolean", Type::Bool},
        {"null", Type::Null},
        {"object", Type::Document},
        {"string", Type::String},
    });
    if (name == "number") {
        out.any_number = true;
        return {};
    }
    if (name == "integer") {
        return fail(ErrorCode::FailedToParse,
                    "$jsonSchema type 'integer' is not currently supported");
    }
    const auto* const row = std::find_if(
        kTypes.begin(), kTypes.end(), [name](const Row& each) { return each.name == name; });
    if (row == kTypes.end()) {
        return fail(ErrorCode::BadValue, fmt::format("unknown type name alias: {}", name));
    }
    out.types.push_back(row->type);
    return {};
}

Status read_type_name(const Argument& argument, ValueView name, MatchNode& out) {
    if (name.type() != Type::String) {
        return wrong_type(argument, "a string or an array of strings");
    }
    const std::size_t before = out.types.size() + (out.any_number ? 1 : 0);
    if (argument.keyword == "type") {
        PLUMB_CHECK(read_json_type(name.as_string(), out));
    } else {
        PLUMB_CHECK(read_type_set(name, out));
    }
    if (out.types.size() + (out.any_number ? 1 : 0) == before) {
        return malformed(argument, "must not name a type twice");
    }
    return {};
}

Status read_types(const Argument& argument, SchemaNode& out) {
    if (!out.types.types.empty() || out.types.any_number) {
        return fail(ErrorCode::FailedToParse,
                    "$jsonSchema keywords 'type' and 'bsonType' cannot stand together");
    }
    if (argument.value.type() != Type::Array) {
        return read_type_name(argument, argument.value, out.types);
    }
    for (const Element& element : argument.value.as_array()) {
        PLUMB_CHECK(read_type_name(argument, element.value, out.types));
    }
    if (argument.value.as_array().empty()) {
        return malformed(argument, "must name at least one type");
    }
    return {};
}

Status read_enum(const Argument& argument, SchemaNode& out) {
    if (argument.value.type() != Type::Array) {
        return wrong_type(argument, "an array");
    }
    for (const Element& element : argument.value.as_array()) {
        for (const bson::Value& earlier : out.allowed_values) {
            if (equal_unordered(earlier.view(), element.value)) {
                return malformed(argument, "must not hold a value twice");
            }
        }
        out.allowed_values.emplace_back(element.value);
    }
    return out.allowed_values.empty() ? Status{malformed(argument, "must not be empty")} : Status{};
}

Status read_items(const Argument& argument, SchemaNode& out) {
    if (argument.value.type() == Type::Array) {
        return read_schemas(argument, out.tuple);
    }
    PLUMB_TRY(schema, read_schema(argument));
    out.items = std::move(schema);
    return {};
}

Status read_multiple_of(const Argument& argument, SchemaNode& out) {
    if (!argument.value.is_number()) {
        return wrong_type(argument, "a number");
    }
    const bson::Decimal128 divisor = bson::to_decimal(argument.value);
    if (bson::decimal_is_zero(divisor) || bson::decimal_is_negative(divisor) ||
        bson::decimal_is_nan(divisor)) {
        return malformed(argument, "must be greater than zero");
    }
    out.multiple_of = bson::Value{argument.value};
    return {};
}

Status read_pattern(const Argument& argument, SchemaNode& out) {
    if (argument.value.type() != Type::String) {
        return wrong_type(argument, "a string");
    }
    return read_regex(argument, argument.value.as_string(), out.pattern);
}

Status read_properties(const Argument& argument, SchemaNode& out) {
    if (argument.value.type() != Type::Document) {
        return wrong_type(argument, "an object");
    }
    for (const Element& element : argument.value.as_document()) {
        PLUMB_TRY(schema, read_schema({argument.keyword, element.value}));
        out.properties.emplace_back(std::string{element.name}, std::move(schema));
    }
    return {};
}

Status read_pattern_properties(const Argument& argument, SchemaNode& out) {
    if (argument.value.type() != Type::Document) {
        return wrong_type(argument, "an object");
    }
    for (const Element& element : argument.value.as_document()) {
        SchemaNode::Pattern pattern;
        PLUMB_TRY(schema, read_schema({argument.keyword, element.value}));
        pattern.schema = std::move(schema);
        PLUMB_CHECK(read_regex(argument, element.name, pattern.regex));
        out.pattern_properties.push_back(std::move(pattern));
    }
    return {};
}

Result<SchemaNode::Dependency> read_dependency(const Argument& argument) {
    SchemaNode::Dependency out;
    if (argument.value.type() == Type::Array) {
        PLUMB_CHECK(read_names(argument, out.required));
        return out;
    }
    PLUMB_TRY(schema, read_schema(argument));
    out.schema = std::move(schema);
    return out;
}

Status read_dependencies(const Argument& argument, SchemaNode& out) {
    if (argument.value.type() != Type::Document) {
        return wrong_type(argument, "an object");
    }
    for (const Element& element : argument.value.as_document()) {
        PLUMB_TRY(dependency, read_dependency({argument.keyword, element.value}));
        dependency.field = element.name;
        out.dependencies.push_back(std::move(dependency));
    }
    return {};
}

Status read_text(const Argument& argument, SchemaNode&) {
    return argument.value.type() == Type::String ? Status{}
                                                 : Status{wrong_type(argument, "a string")};
}

Status read_not(const Argument& argument, SchemaNode& out) {
    PLUMB_TRY(schema, read_schema(argument));
    out.none_of = std::move(schema);
    return {};
}

Status refuse(const Argument& argument, SchemaNode&) {
    return fail(
        ErrorCode::FailedToParse,
        fmt::format("$jsonSchema keyword '{}' is not currently supported", argument.keyword));
}

// Readers that go straight into one member.
template <auto Read, auto Member>
Status into(const Argument& argument, SchemaNode& out) {
    return Read(argument, out.*Member);
}

struct KeywordRow {
    std::string_view name;
    Status (*read)(const Argument&, SchemaNode&);
};

// clang-format off
constexpr auto kKeywords = std::to_array<KeywordRow>({
    {"$ref",                 refuse},
    {"$schema",              refuse},
    {"additionalItems",      into<read_additional, &SchemaNode::additional_items>},
    {"additionalProperties", into<read_additional, &SchemaNode::additional_properties>},
    {"allOf",                into<read_nonempty_schemas, &SchemaNode::all_of>},
    {"anyOf",                into<read_nonempty_schemas, &SchemaNode::any_of>},
    {"bsonType",             read_types},
    {"default",              refuse},
    {"definitions",          refuse},
    {"dependencies",         read_dependencies},
    {"description",          read_text},
    {"encrypt",              refuse},
    {"encryptMetadata",      refuse},
    {"enum",                 read_enum},
    {"exclusiveMaximum",     into<read_exclusive, &SchemaNode::maximum>},
    {"exclusiveMinimum",     into<read_exclusive, &SchemaNode::minimum>},
    {"format",               refuse},
    {"id",                   refuse},
    {"items",                read_items},
    {"maxItems",             into<read_count, &SchemaNode::max_items>},
    {"maxLength",            into<read_count, &SchemaNode::max_length>},
    {"maxProperties",        into<read_count, &SchemaNode::max_properties>},
    {"maximum",              into<read_bound, &SchemaNode::maximum>},
    {"minItems",             into<read_count, &SchemaNode::min_items>},
    {"minLength",            into<read_count, &SchemaNode::min_length>},
    {"minProperties",        into<read_count, &SchemaNode::min_properties>},
    {"minimum",              into<read_bound, &SchemaNode::minimum>},
    {"multipleOf",           read_multiple_of},
    {"not",                  read_not},
    {"oneOf",                into<read_nonempty_schemas, &SchemaNode::one_of>},
    {"pattern",              read_pattern},
    {"patternProperties",    read_pattern_properties},
    {"properties",           read_properties},
    {"required",             into<read_names, &SchemaNode::required>},
    {"title",                read_text},
    {"type",                 read_types},
    {"uniqueItems",          into<read_flag, &SchemaNode::unique_items>},
});
// clang-format on

static_assert(std::is_sorted(kKeywords.begin(), kKeywords.end(), [](const auto& a, const auto& b) {
    return a.name < b.name;
}));

const KeywordRow* find_keyword(std::string_view name) {
    const auto* const row = std::lower_bound(
        kKeywords.begin(), kKeywords.end(), name, [](const KeywordRow& a, std::string_view b) {
            return a.name < b;
        });
    return row != kKeywords.end() && row->name == name ? row : nullptr;
}

Status check_duplicates(View spec) {
    std::vector<std::string_view> seen;
    for (const Element& element : spec) {
        if (std::find(seen.begin(), seen.end(), element.name) != seen.end()) {
            return fail(ErrorCode::FailedToParse,
                        fmt::format("duplicate $jsonSchema keyword: {}", element.name));
        }
        seen.push_back(element.name);
    }
    return {};
}

// exclusiveMinimum may stand before minimum, so the comparison is chosen when both are known.
Status complete_bound(std::optional<SchemaNode::Bound>& bound,
                      MatchKind inclusive,
                      MatchKind exclusive) {
    if (!bound) {
        return {};
    }
    if (bound->comparison.operand.missing()) {
        return fail(ErrorCode::FailedToParse,
                    "exclusiveMinimum and exclusiveMaximum need a minimum or maximum beside them");
    }
    bound->comparison.kind = bound->exclusive ? exclusive : inclusive;
    return {};
}

}  // namespace

Result<std::shared_ptr<const SchemaNode>> parse_json_schema(View spec) {
    PLUMB_CHECK(check_duplicates(spec));
    auto out = std::make_shared<SchemaNode>();
    for (const Element& element : spec) {
        const KeywordRow* row = find_keyword(element.name);
        if (row == nullptr) {
            return fail(ErrorCode::FailedToParse,
                        fmt::format("unknown $jsonSchema keyword: {}", element.name));
        }
        PLUMB_CHECK(row->read({element.name, element.value}, *out));
    }
    PLUMB_CHECK(complete_bound(out->minimum, MatchKind::Gte, MatchKind::Gt));
    PLUMB_CHECK(complete_bound(out->maximum, MatchKind::Lte, MatchKind::Lt));
    // Without a list of items there is nothing that is additional to it.
    if (!spec.has("items") || out->items != nullptr) {
        out->additional_items = {};
    }
    out->source = bson::Document{spec};
    return std::shared_ptr<const SchemaNode>{std::move(out)};
}

}  // namespace plumb::query
