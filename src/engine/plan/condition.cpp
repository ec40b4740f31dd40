// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/condition.h"

#include <algorithm>
#include <array>

namespace plumb::plan {
namespace {

using query::MatchKind;
using query::MatchNode;

// MongoDB 4.2 sorts a filter's tree by kind first; the order of these rows is its order.
constexpr auto kKindOrder = std::to_array<MatchKind>({
    MatchKind::And,
    MatchKind::Or,
    MatchKind::ElemMatchObject,
    MatchKind::ElemMatchValue,
    MatchKind::Size,
    MatchKind::Eq,
    MatchKind::Lte,
    MatchKind::Lt,
    MatchKind::Gt,
    MatchKind::Gte,
    MatchKind::Regex,
    MatchKind::Mod,
    MatchKind::Exists,
    MatchKind::In,
    MatchKind::BitsAllSet,
    MatchKind::BitsAllClear,
    MatchKind::BitsAnySet,
    MatchKind::BitsAnyClear,
    MatchKind::Not,
    MatchKind::Nor,
    MatchKind::Type,
    MatchKind::Expr,
    MatchKind::AlwaysFalse,
    MatchKind::AlwaysTrue,
    MatchKind::JsonSchema,
});

std::size_t kind_rank(const MatchNode& node) {
    MatchKind kind = node.kind;
    if (kind == MatchKind::In && node.values.size() == 1 && node.regexes.empty()) {
        kind = MatchKind::Eq;
    }
    return static_cast<std::size_t>(std::ranges::find(kKindOrder, kind) - kKindOrder.begin());
}

bool comes_before(const MatchNode* a, const MatchNode* b) {
    const std::size_t left = kind_rank(*a);
    const std::size_t right = kind_rank(*b);
    if (left != right) {
        return left < right;
    }
    if (a->path.dotted() != b->path.dotted()) {
        return a->path.dotted() < b->path.dotted();
    }
    for (std::size_t at = 0; at < std::min(a->children.size(), b->children.size()); ++at) {
        if (comes_before(&a->children[at], &b->children[at])) {
            return true;
        }
        if (comes_before(&b->children[at], &a->children[at])) {
            return false;
        }
    }
    return a->children.size() < b->children.size();
}

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
    std::vector<const MatchNode*> out;
    out.reserve(node.children.size());
    for (const MatchNode& child : node.children) {
        out.push_back(&child);
    }
    std::ranges::stable_sort(out, comes_before);
    return out;
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
