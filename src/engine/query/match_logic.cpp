// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/number.h"
#include "engine/query/match_internal.h"

#include <fmt/format.h>

#include <iterator>

namespace plumb::query {
namespace {

using bson::Element;
using bson::Path;
using bson::Type;

Result<std::vector<MatchNode>> parse_list(const DocumentOperator& op) {
    if (op.operand.type() != Type::Array) {
        return fail(ErrorCode::BadValue, fmt::format("{} must be an array", op.name));
    }
    std::vector<MatchNode> out;
    const FilterScope inner = op.scope.deeper();
    for (const Element& element : op.operand.as_array()) {
        if (element.value.type() != Type::Document) {
            return fail(ErrorCode::BadValue,
                        fmt::format("{} entries need to be full objects", op.name));
        }
        PLUMB_TRY(child, parse_filter(element.value.as_document(), inner));
        out.push_back(std::move(child));
    }
    if (out.empty()) {
        return fail(ErrorCode::BadValue, fmt::format("{} must be a nonempty array", op.name));
    }
    return out;
}

// Children of the same kind are taken in, so that no And stands in an And.
void absorb(MatchKind kind, MatchNode child, std::vector<MatchNode>& out) {
    if (child.kind == kind) {
        std::move(child.children.begin(), child.children.end(), std::back_inserter(out));
    } else {
        out.push_back(std::move(child));
    }
}

MatchNode make_list(MatchKind kind, std::vector<MatchNode> children) {
    if (children.size() == 1 && kind != MatchKind::Nor) {
        MatchNode only = std::move(children.front());
        return only;
    }
    MatchNode node;
    node.kind = kind;
    node.children = std::move(children);
    return node;
}

bool tests_one_path(const MatchNode& node) {
    switch (node.kind) {
        case MatchKind::And:
        case MatchKind::Or:
        case MatchKind::Nor:
        case MatchKind::Not:
        case MatchKind::AlwaysFalse:
        case MatchKind::AlwaysTrue:
        case MatchKind::Expr:
        case MatchKind::JsonSchema:
            return false;
        default:
            return true;
    }
}

}  // namespace

MatchNode make_and(std::vector<MatchNode> children) {
    std::vector<MatchNode> flat;
    for (MatchNode& child : children) {
        if (child.kind == MatchKind::AlwaysFalse) {
            return make_leaf(MatchKind::AlwaysFalse, {});
        }
        absorb(MatchKind::And, std::move(child), flat);
    }
    return make_list(MatchKind::And, std::move(flat));
}

MatchNode make_or(std::vector<MatchNode> children) {
    std::vector<MatchNode> flat;
    for (MatchNode& child : children) {
        if (child.kind != MatchKind::AlwaysFalse) {
            absorb(MatchKind::Or, std::move(child), flat);
        }
    }
    if (flat.empty()) {
        return make_leaf(MatchKind::AlwaysFalse, {});
    }
    return make_list(MatchKind::Or, std::move(flat));
}

MatchNode make_nor(std::vector<MatchNode> children) {
    if (children.size() == 1 && tests_one_path(children.front())) {
        const Path path = children.front().path;
        return make_not(path, std::move(children.front()));
    }
    return make_list(MatchKind::Nor, std::move(children));
}

MatchNode make_not(const Path& path, MatchNode child) {
    MatchNode node = make_leaf(MatchKind::Not, path);
    node.children.push_back(std::move(child));
    return node;
}

Result<MatchNode> parse_and(const DocumentOperator& op) {
    PLUMB_TRY(children, parse_list(op));
    return make_and(std::move(children));
}

Result<MatchNode> parse_or(const DocumentOperator& op) {
    PLUMB_TRY(children, parse_list(op));
    return make_or(std::move(children));
}

Result<MatchNode> parse_nor(const DocumentOperator& op) {
    PLUMB_TRY(children, parse_list(op));
    return make_nor(std::move(children));
}

Result<MatchNode> parse_always(const DocumentOperator& op) {
    const auto number = bson::to_exact_int64(op.operand);
    if (number != 1) {
        return fail(ErrorCode::FailedToParse,
                    fmt::format("{} must be an integer value of 1", op.name));
    }
    return make_leaf(op.name == "$alwaysTrue" ? MatchKind::AlwaysTrue : MatchKind::AlwaysFalse, {});
}

Result<MatchNode> parse_not(const FieldOperator& op) {
    if (op.operand.type() == Type::Regex) {
        const bson::RegexView regex = op.operand.as_regex();
        PLUMB_TRY(child, make_regex(op.path, regex.pattern, regex.options));
        return make_not(op.path, std::move(child));
    }
    if (op.operand.type() != Type::Document) {
        return fail(ErrorCode::BadValue, "$not needs a regex or a document");
    }
    if (op.operand.as_document().empty()) {
        return fail(ErrorCode::BadValue, "$not cannot be empty");
    }
    PLUMB_TRY(child, parse_field_operators(op.operand.as_document(), op.path, op.scope.deeper()));
    return make_not(op.path, std::move(child));
}

}  // namespace plumb::query
