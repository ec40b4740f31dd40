// SPDX-License-Identifier: GPL-3.0-or-later
// Filters as explain prints them.
#include "bson/builder.h"
#include "engine/query/expression.h"
#include "engine/query/json_schema.h"
#include "engine/query/match_internal.h"
#include "engine/query/regex.h"

#include <string>

namespace plumb::query {
namespace {

using bson::Builder;

void append_node(const MatchNode& node, Builder& out);
void append_condition(const MatchNode& node, Builder& out);

std::string_view operator_name(MatchKind kind) {
    switch (kind) {
        case MatchKind::And:
            return "$and";
        case MatchKind::Or:
            return "$or";
        case MatchKind::Nor:
            return "$nor";
        case MatchKind::Not:
            return "$not";
        case MatchKind::AlwaysFalse:
            return "$alwaysFalse";
        case MatchKind::AlwaysTrue:
            return "$alwaysTrue";
        case MatchKind::Eq:
            return "$eq";
        case MatchKind::Lt:
            return "$lt";
        case MatchKind::Lte:
            return "$lte";
        case MatchKind::Gt:
            return "$gt";
        case MatchKind::Gte:
            return "$gte";
        case MatchKind::In:
            return "$in";
        case MatchKind::Regex:
            return "$regex";
        case MatchKind::Exists:
            return "$exists";
        case MatchKind::Type:
            return "$type";
        case MatchKind::Size:
            return "$size";
        case MatchKind::Mod:
            return "$mod";
        case MatchKind::BitsAllSet:
            return "$bitsAllSet";
        case MatchKind::BitsAllClear:
            return "$bitsAllClear";
        case MatchKind::BitsAnySet:
            return "$bitsAnySet";
        case MatchKind::BitsAnyClear:
            return "$bitsAnyClear";
        case MatchKind::ElemMatchObject:
        case MatchKind::ElemMatchValue:
            return "$elemMatch";
        case MatchKind::Expr:
            return "$expr";
        case MatchKind::JsonSchema:
            return "$jsonSchema";
    }
    return {};
}

void append_children(const MatchNode& node, Builder& out) {
    out.begin_array(operator_name(node.kind));
    for (const MatchNode* child : in_server_order(node.children)) {
        out.push_document();
        append_node(*child, out);
        out.end();
    }
    out.end();
}

void append_integer(Builder& out, std::int64_t number) {
    if (number >= INT32_MIN && number <= INT32_MAX) {
        out.push(static_cast<std::int32_t>(number));
    } else {
        out.push(number);
    }
}

void append_in(const MatchNode& node, Builder& out) {
    out.begin_array("$in");
    for (const bson::Value& value : node.values) {
        out.push(value.view());
    }
    std::size_t index = node.values.size();
    for (const auto& regex : node.regexes) {
        out.append_regex(std::to_string(index++), {regex->pattern(), regex->options()});
    }
    out.end();
}

void append_regex(const MatchNode& node, Builder& out) {
    const Regex& regex = *node.regexes.front();
    out.append("$regex", regex.pattern());
    if (!regex.options().empty()) {
        out.append("$options", regex.options());
    }
}

void append_types(const MatchNode& node, Builder& out) {
    out.begin_array("$type");
    if (node.any_number) {
        out.push("number");
    }
    for (const bson::Type type : node.types) {
        const auto tag = static_cast<std::int32_t>(type);
        out.push(type == bson::Type::MinKey ? -1 : tag);
    }
    out.end();
}

void append_elem_match(const MatchNode& node, Builder& out) {
    out.begin_document("$elemMatch");
    for (const MatchNode& child : node.children) {
        if (node.kind == MatchKind::ElemMatchObject) {
            append_node(child, out);
        } else {
            append_condition(child, out);
        }
    }
    out.end();
}

// What stands right of the path: {$gt: 5}, without the braces.
void append_condition(const MatchNode& node, Builder& out) {
    const std::string_view name = operator_name(node.kind);
    switch (node.kind) {
        case MatchKind::And:
        case MatchKind::Or:
        case MatchKind::Nor:
            for (const MatchNode& child : node.children) {
                append_condition(child, out);
            }
            break;
        case MatchKind::Not:
            out.begin_document(name);
            append_condition(node.children.front(), out);
            out.end();
            break;
        case MatchKind::In:
            append_in(node, out);
            break;
        case MatchKind::Regex:
            append_regex(node, out);
            break;
        case MatchKind::Exists:
            out.append(name, true);
            break;
        case MatchKind::Type:
            append_types(node, out);
            break;
        case MatchKind::Size:
            out.append(name, static_cast<std::int32_t>(node.number));
            break;
        case MatchKind::Mod:
            out.begin_array(name);
            append_integer(out, node.number);
            append_integer(out, node.remainder);
            out.end();
            break;
        case MatchKind::BitsAllSet:
        case MatchKind::BitsAllClear:
        case MatchKind::BitsAnySet:
        case MatchKind::BitsAnyClear:
            out.begin_array(name);
            for (const std::uint32_t position : node.bit_positions) {
                out.push(static_cast<std::int32_t>(position));
            }
            out.end();
            break;
        case MatchKind::ElemMatchObject:
        case MatchKind::ElemMatchValue:
            append_elem_match(node, out);
            break;
        case MatchKind::Eq:
            out.append(node.implied ? "$_internalExprEq" : name, node.operand);
            break;
        case MatchKind::Lt:
        case MatchKind::Lte:
        case MatchKind::Gt:
        case MatchKind::Gte:
            out.append(name, node.operand);
            break;
        case MatchKind::AlwaysFalse:
        case MatchKind::AlwaysTrue:
        case MatchKind::Expr:
        case MatchKind::JsonSchema:
            append_node(node, out);
            break;
    }
}

bool is_list(MatchKind kind) {
    return kind == MatchKind::And || kind == MatchKind::Or || kind == MatchKind::Nor;
}

// {path: {$not: …}}, or a $nor where there is no single path.
void append_not(const MatchNode& node, Builder& out) {
    const MatchNode& child = node.children.front();
    if (is_list(child.kind) || child.kind == MatchKind::Not) {
        out.begin_array("$nor");
        out.push_document();
        append_node(child, out);
        out.end();
        out.end();
        return;
    }
    out.begin_document(child.path.dotted());
    append_condition(node, out);
    out.end();
}

void append_node(const MatchNode& node, Builder& out) {
    switch (node.kind) {
        case MatchKind::And:
            if (!node.children.empty()) {
                append_children(node, out);
            }
            return;
        case MatchKind::Or:
        case MatchKind::Nor:
            append_children(node, out);
            return;
        case MatchKind::Not:
            append_not(node, out);
            return;
        case MatchKind::AlwaysFalse:
        case MatchKind::AlwaysTrue:
            out.append(operator_name(node.kind), 1);
            return;
        case MatchKind::Expr:
            node.expression->append_to(out, "$expr");
            return;
        case MatchKind::JsonSchema:
            out.append("$jsonSchema", schema_source(*node.schema));
            return;
        default:
            out.begin_document(node.path.dotted());
            append_condition(node, out);
            out.end();
    }
}

}  // namespace

bson::Document match_to_bson(const MatchNode& node) {
    Builder out;
    append_node(node, out);
    return out.finish();
}

}  // namespace plumb::query
