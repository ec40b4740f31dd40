// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/match_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::query {
namespace {

using bson::Element;
using bson::Path;
using bson::Type;
using bson::ValueView;
using bson::View;

struct FieldRow {
    std::string_view name;
    Result<MatchNode> (*parse)(const FieldOperator&);
};

struct DocumentRow {
    std::string_view name;
    Result<MatchNode> (*parse)(const DocumentOperator&);
};

Result<MatchNode> refuse_field(const FieldOperator& op) {
    return fail(ErrorCode::BadValue, fmt::format("{} is not supported by plumbd", op.name));
}

Result<MatchNode> refuse_document(const DocumentOperator& op) {
    return fail(ErrorCode::BadValue, fmt::format("{} is not supported by plumbd", op.name));
}

// The parts of a DBRef are fields although their names begin with $.
Result<MatchNode> parse_reference_field(const DocumentOperator& op) {
    return make_equality(Path{op.name}, op.operand);
}

Result<MatchNode> parse_comment(const DocumentOperator&) {
    return make_and({});
}

Result<MatchNode> parse_options(const FieldOperator& op) {
    if (!op.siblings.has("$regex")) {
        return fail(ErrorCode::BadValue, "$options needs a $regex");
    }
    return make_and({});
}

// clang-format off
constexpr auto kFieldOperators = std::to_array<FieldRow>({
    {"$all",           parse_all},
    {"$bitsAllClear",  parse_bits},
    {"$bitsAllSet",    parse_bits},
    {"$bitsAnyClear",  parse_bits},
    {"$bitsAnySet",    parse_bits},
    {"$elemMatch",     parse_elem_match},
    {"$eq",            parse_comparison},
    {"$exists",        parse_exists},
    {"$geoIntersects", refuse_field},
    {"$geoNear",       refuse_field},
    {"$geoWithin",     refuse_field},
    {"$gt",            parse_comparison},
    {"$gte",           parse_comparison},
    {"$in",            parse_in},
    {"$lt",            parse_comparison},
    {"$lte",           parse_comparison},
    {"$mod",           parse_mod},
    {"$ne",            parse_not_equal},
    {"$near",          refuse_field},
    {"$nearSphere",    refuse_field},
    {"$nin",           parse_not_in},
    {"$not",           parse_not},
    {"$options",       parse_options},
    {"$regex",         parse_regex},
    {"$size",          parse_size},
    {"$type",          parse_type},
    {"$within",        refuse_field},
});

constexpr auto kDocumentOperators = std::to_array<DocumentRow>({
    {"$alwaysFalse",   parse_always},
    {"$alwaysTrue",    parse_always},
    {"$and",           parse_and},
    {"$comment",       parse_comment},
    {"$db",            parse_reference_field},
    {"$expr",          parse_expr},
    {"$id",            parse_reference_field},
    {"$jsonSchema",    parse_json_schema_operator},
    {"$nor",           parse_nor},
    {"$or",            parse_or},
    {"$ref",           parse_reference_field},
    {"$text",          refuse_document},
    {"$where",         refuse_document},
});
// clang-format on

template <class Rows>
constexpr bool is_sorted_by_name(const Rows& rows) {
    return std::is_sorted(
        rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
}
static_assert(is_sorted_by_name(kFieldOperators));
static_assert(is_sorted_by_name(kDocumentOperators));

template <class Rows>
auto find_row(const Rows& rows, std::string_view name) -> decltype(rows.data()) {
    const auto row =
        std::lower_bound(rows.begin(), rows.end(), name, [](const auto& a, std::string_view b) {
            return a.name < b;
        });
    return row != rows.end() && row->name == name ? &*row : nullptr;
}

// {field: value}: operators, a regular expression, or equality.
Result<MatchNode> parse_field(const Element& element, const FilterScope& scope) {
    const Path path{element.name};
    if (is_operator_document(element.value)) {
        return parse_field_operators(element.value.as_document(), path, scope);
    }
    if (element.value.type() == Type::Regex) {
        const bson::RegexView regex = element.value.as_regex();
        return make_regex(path, regex.pattern, regex.options);
    }
    return make_equality(path, element.value);
}

Result<MatchNode> parse_top(const Element& element, const FilterScope& scope) {
    if (!element.name.starts_with('$')) {
        return parse_field(element, scope);
    }
    const DocumentRow* row = find_row(kDocumentOperators, element.name);
    if (row == nullptr) {
        return fail(ErrorCode::BadValue,
                    fmt::format("unknown top level operator: {}", element.name));
    }
    return row->parse({element.name, element.value, scope});
}

Status check_depth(const FilterScope& scope) {
    if (scope.depth > kFilterDepthMax) {
        return fail(ErrorCode::BadValue,
                    fmt::format("a filter may not nest deeper than {} levels", kFilterDepthMax));
    }
    return {};
}

bool is_reference_name(std::string_view name) {
    return name == "$ref" || name == "$id" || name == "$db";
}

}  // namespace

MatchNode make_leaf(MatchKind kind, const Path& path) {
    MatchNode node;
    node.kind = kind;
    node.path = path;
    return node;
}

bool is_operator_document(ValueView value) {
    if (value.type() != Type::Document || value.as_document().empty()) {
        return false;
    }
    const View document = value.as_document();
    if (!document.front().name.starts_with('$')) {
        return false;
    }
    const bool is_reference =
        is_reference_name(document.front().name) && document.has("$ref") && document.has("$id");
    return !is_reference;
}

Result<MatchNode> parse_field_operators(View operators,
                                        const Path& path,
                                        const FilterScope& scope) {
    PLUMB_CHECK(check_depth(scope));
    std::vector<MatchNode> children;
    for (const Element& element : operators) {
        const FieldRow* row = find_row(kFieldOperators, element.name);
        if (row == nullptr) {
            return fail(ErrorCode::BadValue, fmt::format("unknown operator: {}", element.name));
        }
        PLUMB_TRY(child, row->parse({element.name, path, element.value, operators, scope}));
        children.push_back(std::move(child));
    }
    return make_and(std::move(children));
}

Result<MatchNode> parse_filter(View filter, const FilterScope& scope) {
    PLUMB_CHECK(check_depth(scope));
    std::vector<MatchNode> children;
    for (const Element& element : filter) {
        PLUMB_TRY(child, parse_top(element, scope));
        children.push_back(std::move(child));
    }
    return make_and(std::move(children));
}

}  // namespace plumb::query
