// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/arena.h"
#include "bson/number.h"
#include "engine/query/expression.h"
#include "engine/query/json_schema.h"
#include "engine/query/match_internal.h"
#include "engine/query/path_walk.h"

#include <algorithm>

namespace plumb::query {
namespace {

using bson::Element;
using bson::Type;
using bson::ValueView;
using bson::View;

// A condition under a negation or alternative leaves no position behind.
bool match_silently(const MatchNode& node, View document, MatchTrace& trace) {
    MatchTrace inner;
    const bool matched = match_document(node, document, inner);
    if (inner.error) {
        trace.error = std::move(inner.error);
        return false;
    }
    return matched;
}

bool match_all(const MatchNode& node, View document, MatchTrace& trace) {
    if (!trace.want_position) {
        return std::all_of(node.children.begin(), node.children.end(), [&](const MatchNode& child) {
            return match_document(child, document, trace);
        });
    }
    // The condition that comes last in the server's order decides what `$` means.
    for (const MatchNode* child : in_server_order(node.children)) {
        if (!match_document(*child, document, trace)) {
            trace.position.reset();
            return false;
        }
    }
    return true;
}

bool match_any(const MatchNode& node, View document, MatchTrace& trace) {
    return std::any_of(node.children.begin(), node.children.end(), [&](const MatchNode& child) {
        return match_silently(child, document, trace);
    });
}

bool match_expression(const MatchNode& node, View document, MatchTrace& trace) {
    Arena arena;
    Variables variables;
    auto value = node.expression->evaluate({document, variables, arena});
    if (!value.ok()) {
        trace.error = std::move(value).error();
        return false;
    }
    return bson::truthy(value.value());
}

bool element_matches(const MatchNode& node, ValueView element, MatchTrace& trace) {
    if (node.kind == MatchKind::ElemMatchObject) {
        const bool has_fields = element.type() == Type::Document || element.type() == Type::Array;
        return has_fields && match_silently(node.children.front(), element.as_container(), trace);
    }
    return std::all_of(node.children.begin(), node.children.end(), [&](const MatchNode& child) {
        return match_element(child, element, trace);
    });
}

bool test_elem_match(const MatchNode& node, ValueView value, MatchTrace& trace) {
    if (value.type() != Type::Array) {
        return false;
    }
    std::uint32_t index = 0;
    for (const Element& element : value.as_array()) {
        if (element_matches(node, element.value, trace)) {
            if (trace.want_position) {
                trace.position = index;
            }
            return true;
        }
        ++index;
    }
    return false;
}

// The nodes that test a value; false for all others.
bool test_value(const MatchNode& node, ValueView value, MatchTrace& trace) {
    switch (node.kind) {
        case MatchKind::Eq:
        case MatchKind::Lt:
        case MatchKind::Lte:
        case MatchKind::Gt:
        case MatchKind::Gte:
            return test_comparison(node, value);
        case MatchKind::In:
            return test_in(node, value);
        case MatchKind::Regex:
            return test_regex(*node.regexes.front(), value);
        case MatchKind::Exists:
            return !value.missing();
        case MatchKind::Type:
            return test_type(node, value);
        case MatchKind::Size:
            return value.type() == Type::Array &&
                   static_cast<std::int64_t>(value.as_array().count()) == node.number;
        case MatchKind::Mod:
            return test_mod(node, value);
        case MatchKind::BitsAllSet:
        case MatchKind::BitsAllClear:
        case MatchKind::BitsAnySet:
        case MatchKind::BitsAnyClear:
            return test_bits(node, value);
        case MatchKind::ElemMatchObject:
        case MatchKind::ElemMatchValue:
            return test_elem_match(node, value, trace);
        case MatchKind::And:
        case MatchKind::Or:
        case MatchKind::Nor:
        case MatchKind::Not:
        case MatchKind::AlwaysFalse:
        case MatchKind::AlwaysTrue:
        case MatchKind::Expr:
        case MatchKind::JsonSchema:
            return false;
    }
    return false;
}

bool wants_whole_array(MatchKind kind) {
    return kind == MatchKind::Size || kind == MatchKind::ElemMatchObject ||
           kind == MatchKind::ElemMatchValue;
}

// What is asked of each value at a node's path.
class ValueTest {
  public:
    ValueTest(const MatchNode& node, MatchTrace& trace) : node_(node), trace_(trace) {}
    bool operator()(ValueView value, std::int64_t position) const {
        if (!test_value(node_, value, trace_)) {
            return false;
        }
        if (trace_.want_position && position != kNoPosition) {
            trace_.position = static_cast<std::uint32_t>(position);
        }
        return true;
    }

  private:
    const MatchNode& node_;
    MatchTrace& trace_;
};

LeafArray leaf_of(const MatchNode& node) {
    return wants_whole_array(node.kind) ? LeafArray::Whole : LeafArray::Elements;
}

}  // namespace

bool match_document(const MatchNode& node, View document, MatchTrace& trace) {
    switch (node.kind) {
        case MatchKind::And:
            return match_all(node, document, trace);
        case MatchKind::Or:
            return match_any(node, document, trace);
        case MatchKind::Nor:
            return !match_any(node, document, trace) && !trace.error;
        case MatchKind::Not:
            return !match_silently(node.children.front(), document, trace) && !trace.error;
        case MatchKind::AlwaysFalse:
            return false;
        case MatchKind::AlwaysTrue:
            return true;
        case MatchKind::Expr:
            return match_expression(node, document, trace);
        case MatchKind::JsonSchema:
            return schema_matches(*node.schema, document);
        default:
            return walk_path(document, node.path, leaf_of(node), ValueTest{node, trace});
    }
}

bool match_from_field(const MatchNode& node, ValueView value, MatchTrace& trace) {
    if (node.kind == MatchKind::Not) {
        MatchTrace inner;
        return !match_from_field(node.children.front(), value, inner);
    }
    return walk_path_from(value, node.path, leaf_of(node), ValueTest{node, trace});
}

bool match_element(const MatchNode& node, ValueView value, MatchTrace& trace) {
    const auto test = [&](const MatchNode& child) { return match_element(child, value, trace); };
    switch (node.kind) {
        case MatchKind::And:
            return std::all_of(node.children.begin(), node.children.end(), test);
        case MatchKind::Or:
            return std::any_of(node.children.begin(), node.children.end(), test);
        case MatchKind::Nor:
        case MatchKind::Not:
            return std::none_of(node.children.begin(), node.children.end(), test);
        case MatchKind::AlwaysTrue:
            return true;
        default:
            return test_value(node, value, trace);
    }
}

}  // namespace plumb::query
