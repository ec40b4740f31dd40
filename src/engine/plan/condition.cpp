// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/condition.h"

#include "engine/query/matcher.h"

#include <algorithm>

namespace plumb::plan {
namespace {

using query::MatchKind;
using query::MatchNode;

std::size_t components(std::string_view path) {
    return path.empty() ? 0 : static_cast<std::size_t>(std::ranges::count(path, '.')) + 1;
}

std::string joined(const std::string& prefix, const std::string& path) {
    return prefix.empty() ? path : prefix + "." + path;
}

bool is_path_condition(const MatchNode& node) {
    switch (node.kind) {
        case MatchKind::And:
        case MatchKind::Or:
        case MatchKind::Nor:
        case MatchKind::AlwaysFalse:
        case MatchKind::AlwaysTrue:
        case MatchKind::Expr:
        case MatchKind::JsonSchema:
        case MatchKind::ElemMatchObject:
            return false;
        case MatchKind::Not:
            return is_path_condition(node.children.front());
        default:
            return true;
    }
}

struct Collector {
    Conjunction& out;
    std::uint32_t scopes_made = 0;

    void collect(const MatchNode& node, const Condition& around) {
        if (node.kind == MatchKind::And) {
            for (const MatchNode* child : ordered_children(node)) {
                collect(*child, around);
            }
            return;
        }
        if (node.kind == MatchKind::ElemMatchObject) {
            Condition inner = around;
            inner.path = joined(around.path, node.path.dotted());
            inner.direct = false;
            inner.scopes.push_back({components(inner.path), ++scopes_made});
            for (const MatchNode& child : node.children) {
                collect(child, inner);
            }
            return;
        }
        if (!is_path_condition(node)) {
            return;
        }
        Condition found = around;
        found.node = &node;
        const MatchNode& tested = node.kind == MatchKind::Not ? node.children.front() : node;
        found.path = joined(around.path, tested.path.dotted());
        out.conditions.push_back(std::move(found));
    }
};

}  // namespace

std::vector<const MatchNode*> ordered_children(const MatchNode& node) {
    return query::in_server_order(node.children);
}

Conjunction conjunction_of(const MatchNode& node) {
    Conjunction out;
    if (node.kind == MatchKind::And) {
        out.parts = ordered_children(node);
    } else {
        out.parts = {&node};
    }
    Collector collector{out};
    for (std::size_t part = 0; part < out.parts.size(); ++part) {
        if (out.parts[part]->kind == MatchKind::Or) {
            out.unions.push_back(part);
            continue;
        }
        Condition around;
        around.owner = part;
        collector.collect(*out.parts[part], around);
    }
    return out;
}

}  // namespace plumb::plan
