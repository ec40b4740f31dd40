// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/partial_filter.h"

#include "bson/json.h"
#include "engine/query/matcher.h"

namespace plumb::commands {

namespace {

class MatcherPredicate final : public storage::Predicate {
  public:
    explicit MatcherPredicate(query::Matcher matcher) : matcher_(std::move(matcher)) {}
    bool accepts(bson::View document) const override { return matcher_.matches(document); }

  private:
    query::Matcher matcher_;
};

bool is_allowed_leaf(query::MatchKind kind) {
    using query::MatchKind;
    return kind == MatchKind::Eq || kind == MatchKind::Lt || kind == MatchKind::Lte ||
           kind == MatchKind::Gt || kind == MatchKind::Gte || kind == MatchKind::Exists ||
           kind == MatchKind::Type;
}

Status check_node(const query::MatchNode& node, bool top) {
    if (node.kind == query::MatchKind::And) {
        if (!top) {
            return fail(ErrorCode::CannotCreateIndex,
                        "$and only supported in partialFilterExpression at top level");
        }
        for (const query::MatchNode& child : node.children) {
            PLUMB_CHECK(check_node(child, false));
        }
        return {};
    }
    if (!is_allowed_leaf(node.kind)) {
        return fail(ErrorCode::CannotCreateIndex,
                    "Expression not supported in partial index: " +
                        bson::to_json(query::match_to_bson(node)));
    }
    return {};
}

query::MatchOptions options() {
    query::MatchOptions out;
    out.allow_expr = false;
    return out;
}

}  // namespace

Status check_partial_filter(bson::View filter) {
    PLUMB_TRY(matcher, query::Matcher::parse(filter, options()));
    return check_node(matcher.root(), true);
}

storage::PredicateFactory partial_filter_factory() {
    return [](bson::View filter) -> Result<std::unique_ptr<storage::Predicate>> {
        PLUMB_TRY(matcher, query::Matcher::parse(filter, options()));
        return std::unique_ptr<storage::Predicate>{
            std::make_unique<MatcherPredicate>(std::move(matcher))};
    };
}

}  // namespace plumb::commands
