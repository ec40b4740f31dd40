// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/stages/match_dependencies.h"

namespace plumb::query {

void add_match_dependencies(const MatchNode& node, Dependencies& out) {
    switch (node.kind) {
        case MatchKind::And:
        case MatchKind::Or:
        case MatchKind::Nor:
        case MatchKind::Not:
            for (const MatchNode& child : node.children) {
                add_match_dependencies(child, out);
            }
            break;
        case MatchKind::Expr:
            node.expression->add_dependencies(out);
            break;
        case MatchKind::JsonSchema:
            out.whole = true;
            break;
        case MatchKind::AlwaysFalse:
        case MatchKind::AlwaysTrue:
            break;
        default:
            out.paths.insert(node.path.dotted());
    }
}

}  // namespace plumb::query
