// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/type.h"
#include "engine/plan/condition.h"
#include "engine/plan/planner.h"
#include "engine/query/regex.h"

#include <fmt/format.h>

namespace plumb::plan {
namespace {

using query::MatchNode;

// Constants of one kind lead to the same plans; null, arrays and regexes do not.
char constant_kind(bson::ValueView value) {
    switch (value.type()) {
        case bson::Type::Missing:
            return '-';
        case bson::Type::Undefined:
        case bson::Type::Null:
            return '0';
        case bson::Type::Array:
            return 'a';
        case bson::Type::MinKey:
        case bson::Type::MaxKey:
            return 'k';
        default:
            return 'v';
    }
}

void add_node(const MatchNode& node, std::string& out) {
    out += fmt::format(
        "{}{}{}", static_cast<int>(node.kind), node.path.dotted(), constant_kind(node.operand));
    char kind = '-';
    for (const bson::Value& value : node.values) {
        const char each = constant_kind(value);
        kind = each == 'v' && kind != '-' ? kind : each;
    }
    out += kind;
    out += node.regexes.empty() ? "" : "r";
    out += '[';
    for (const MatchNode* child : ordered_children(node)) {
        add_node(*child, out);
    }
    out += ']';
}

}  // namespace

std::string shape_key(const QueryRequest& request) {
    std::string out;
    add_node(*request.filter, out);
    out += '|';
    for (const bson::Element& field : request.sort) {
        out += fmt::format(
            "{}{}", field.name, field.value.is_number() ? std::string{field.value.raw()} : "m");
    }
    out += '|';
    out += request.projection.raw();
    out += fmt::format("|{}{}{}",
                       static_cast<int>(request.purpose),
                       request.limit ? 'l' : '-',
                       request.forbid_sort_stage ? 'f' : '-');
    return out;
}

}  // namespace plumb::plan
