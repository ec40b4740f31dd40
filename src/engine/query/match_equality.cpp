// SPDX-License-Identifier: GPL-3.0-or-later
// What an upsert takes from its filter.
#include "base/arena.h"
#include "engine/query/matcher.h"
#include "engine/query/update_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace plumb::query {
namespace {

using Equalities = std::map<std::string, bson::ValueView, std::less<>>;

// True if one path is the other, or leads to it.
bool paths_meet(std::string_view a, std::string_view b) {
    const std::string_view shorter = a.size() < b.size() ? a : b;
    const std::string_view longer = a.size() < b.size() ? b : a;
    return longer.starts_with(shorter) &&
           (longer.size() == shorter.size() || longer[shorter.size()] == '.');
}

Status collect(const MatchNode& node, Equalities& out) {
    if (node.kind == MatchKind::And) {
        for (const MatchNode& child : node.children) {
            PLUMB_CHECK(collect(child, out));
        }
        return {};
    }
    if (node.kind != MatchKind::Eq || node.implied) {
        return {};
    }
    const std::string& dotted = node.path.dotted();
    const auto met = std::find_if(out.begin(), out.end(), [&dotted](const auto& each) {
        return paths_meet(each.first, dotted);
    });
    if (met != out.end()) {
        return fail(
            ErrorCode::NotSingleValueField,
            fmt::format(
                "cannot infer query fields to set, paths '{}' and '{}' meet", met->first, dotted));
    }
    out.emplace(dotted, node.operand.view());
    return {};
}

UpdateSteps steps_of(const std::string& dotted) {
    const bson::Path path{dotted};
    UpdateSteps out;
    for (std::size_t i = 0; i < path.size(); ++i) {
        out.emplace_back(path.part(i));
    }
    return out;
}

}  // namespace

Result<bson::Document> equality_fields(const MatchNode& root) {
    Equalities equalities;
    PLUMB_CHECK(collect(root, equalities));
    Arena arena;
    const bson::Document empty;
    UpdateTree tree{empty.view(), arena};
    for (const auto& [path, value] : equalities) {
        UpdatePlace place = tree.locate(steps_of(path));
        PLUMB_CHECK(tree.set(place, value));
    }
    return tree.finish();
}

}  // namespace plumb::query
