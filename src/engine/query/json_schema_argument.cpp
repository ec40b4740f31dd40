// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/json_schema_argument.h"

#include "bson/number.h"
#include "engine/query/json_schema.h"
#include "engine/query/regex.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::query {

using bson::Element;
using bson::Type;

Error wrong_type(const Argument& argument, std::string_view wanted) {
    return fail(ErrorCode::TypeMismatch,
                fmt::format("$jsonSchema keyword '{}' must be {}", argument.keyword, wanted));
}

Error malformed(const Argument& argument, std::string_view what) {
    return fail(ErrorCode::FailedToParse,
                fmt::format("$jsonSchema keyword '{}' {}", argument.keyword, what));
}

Result<SchemaNode::Ptr> read_schema(const Argument& argument) {
    if (argument.value.type() != Type::Document) {
        return wrong_type(argument, "an object");
    }
    return parse_json_schema(argument.value.as_document());
}

Status read_schemas(const Argument& argument, std::vector<SchemaNode::Ptr>& out) {
    if (argument.value.type() != Type::Array) {
        return wrong_type(argument, "an array of objects");
    }
    for (const Element& element : argument.value.as_array()) {
        PLUMB_TRY(schema, read_schema({argument.keyword, element.value}));
        out.push_back(std::move(schema));
    }
    return {};
}

Status read_nonempty_schemas(const Argument& argument, std::vector<SchemaNode::Ptr>& out) {
    PLUMB_CHECK(read_schemas(argument, out));
    return out.empty() ? Status{malformed(argument, "must not be empty")} : Status{};
}

Status read_flag(const Argument& argument, bool& out) {
    if (argument.value.type() != Type::Bool) {
        return wrong_type(argument, "a boolean");
    }
    out = argument.value.as_bool();
    return {};
}

Status read_bound(const Argument& argument, std::optional<SchemaNode::Bound>& out) {
    if (!argument.value.is_number()) {
        return wrong_type(argument, "a number");
    }
    if (!out) {
        out = SchemaNode::Bound{};
    }
    out->comparison.operand = bson::Value{argument.value};
    return {};
}

Status read_exclusive(const Argument& argument, std::optional<SchemaNode::Bound>& out) {
    if (!out) {
        out = SchemaNode::Bound{};
    }
    return read_flag(argument, out->exclusive);
}

Status read_count(const Argument& argument, std::optional<std::int64_t>& out) {
    out = argument.value.is_number() ? bson::to_exact_int64(argument.value) : std::nullopt;
    if (!out || *out < 0) {
        return malformed(argument, "must be an integer of 0 or more");
    }
    return {};
}

Status read_regex(const Argument& argument,
                  std::string_view pattern,
                  std::shared_ptr<const Regex>& out) {
    auto compiled = Regex::compile(pattern, "");
    if (!compiled.ok()) {
        return std::move(compiled).error().context(argument.keyword);
    }
    out = std::move(compiled).value();
    return {};
}

Status read_names(const Argument& argument, std::vector<std::string>& out) {
    if (argument.value.type() != Type::Array) {
        return wrong_type(argument, "an array of strings");
    }
    for (const Element& element : argument.value.as_array()) {
        if (element.value.type() != Type::String) {
            return wrong_type(argument, "an array of strings");
        }
        std::string name{element.value.as_string()};
        if (std::find(out.begin(), out.end(), name) != out.end()) {
            return malformed(argument, "must not name a field twice");
        }
        out.push_back(std::move(name));
    }
    return out.empty() ? Status{malformed(argument, "must not be empty")} : Status{};
}

Status read_additional(const Argument& argument, SchemaNode::Additional& out) {
    if (argument.value.type() == Type::Bool) {
        out.allowed = argument.value.as_bool();
        return {};
    }
    if (argument.value.type() != Type::Document) {
        return wrong_type(argument, "a boolean or an object");
    }
    PLUMB_TRY(schema, read_schema(argument));
    out.schema = std::move(schema);
    return {};
}

}  // namespace plumb::query
