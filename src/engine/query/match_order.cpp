// SPDX-License-Identifier: GPL-3.0-or-later
// The order in which MongoDB 4.2 keeps the children of an And, Or or Nor: by kind, by path, by
// their own children. It decides what explain prints and which condition `$` refers to.
#include "engine/query/match_internal.h"

#include <algorithm>
#include <array>

namespace plumb::query {
namespace {

constexpr auto kServerOrder = std::to_array<MatchKind>({
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

int rank(MatchKind kind) {
    const auto* const found = std::find(kServerOrder.begin(), kServerOrder.end(), kind);
    return static_cast<int>(found - kServerOrder.begin());
}

// The server gives a Not no path of its own.
std::string_view path_of(const MatchNode& node) {
    return node.kind == MatchKind::Not ? std::string_view{} : node.path.dotted();
}

int compare_nodes(const MatchNode& a, const MatchNode& b) {
    if (a.kind != b.kind) {
        return rank(a.kind) - rank(b.kind);
    }
    if (const int by_path = path_of(a).compare(path_of(b)); by_path != 0) {
        return by_path;
    }
    const auto left = in_server_order(a.children);
    const auto right = in_server_order(b.children);
    for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i) {
        if (const int by_child = compare_nodes(*left[i], *right[i]); by_child != 0) {
            return by_child;
        }
    }
    return static_cast<int>(left.size()) - static_cast<int>(right.size());
}

}  // namespace

std::vector<const MatchNode*> in_server_order(const std::vector<MatchNode>& children) {
    std::vector<const MatchNode*> out;
    out.reserve(children.size());
    for (const MatchNode& child : children) {
        out.push_back(&child);
    }
    std::stable_sort(out.begin(), out.end(), [](const MatchNode* a, const MatchNode* b) {
        return compare_nodes(*a, *b) < 0;
    });
    return out;
}

}  // namespace plumb::query
