// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/language.h"
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
    std::string_view help;
    std::string_view difference = {};
    std::string_view refused = {};  // why it is an error
};

struct DocumentRow {
    std::string_view name;
    Result<MatchNode> (*parse)(const DocumentOperator&);
    std::string_view help;
    std::string_view difference = {};
    std::string_view refused = {};  // why it is an error
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

constexpr auto kFieldOperators = std::to_array<FieldRow>({
    {"$all", parse_all, "The array has all of these values."},
    {"$bitsAllClear", parse_bits, "All of these bits are 0."},
    {"$bitsAllSet", parse_bits, "All of these bits are 1."},
    {"$bitsAnyClear", parse_bits, "One of these bits is 0."},
    {"$bitsAnySet", parse_bits, "One of these bits is 1."},
    {"$elemMatch", parse_elem_match, "One element of the array meets all of the conditions."},
    {"$eq", parse_comparison, "Equal to a value, or an array that has it."},
    {"$exists", parse_exists, "The field is there, or is not."},
    {"$geoIntersects", refuse_field, "Crosses a shape.", {}, "plumbd has no geospatial indexes"},
    {"$geoNear", refuse_field, "Near a point.", {}, "plumbd has no geospatial indexes"},
    {"$geoWithin", refuse_field, "Inside a shape.", {}, "plumbd has no geospatial indexes"},
    {"$gt", parse_comparison, "Greater than a value of its type."},
    {"$gte", parse_comparison, "Greater than or equal to a value of its type."},
    {"$in", parse_in, "Equal to one of the values, or matched by one of the regular expressions."},
    {"$lt", parse_comparison, "Less than a value of its type."},
    {"$lte", parse_comparison, "Less than or equal to a value of its type."},
    {"$mod", parse_mod, "Leaves this rest when divided by a number."},
    {"$ne", parse_not_equal, "Not equal to a value."},
    {"$near", refuse_field, "Near a point, nearest first.", {}, "plumbd has no geospatial indexes"},
    {"$nearSphere",
     refuse_field,
     "Near a point on the sphere, nearest first.",
     {},
     "plumbd has no geospatial indexes"},
    {"$nin", parse_not_in, "Equal to none of the values."},
    {"$not", parse_not, "Does not meet the conditions."},
    {"$options", parse_options, "The options i, m, s and x of a $regex beside it."},
    {"$regex",
     parse_regex,
     "Matched by a regular expression (PCRE2).",
     "PCRE2 in place of PCRE; one that backtracks for ever ends as no match"},
    {"$size", parse_size, "An array of just so many elements."},
    {"$type", parse_type, "Of one of these types, by number or name."},
    {"$within",
     refuse_field,
     "Inside a shape; the old name of $geoWithin.",
     {},
     "plumbd has no geospatial indexes"},
});

constexpr auto kDocumentOperators = std::to_array<DocumentRow>({
    {"$alwaysFalse", parse_always, "Matches nothing."},
    {"$alwaysTrue", parse_always, "Matches everything."},
    {"$and", parse_and, "Meets all of the filters."},
    {"$comment", parse_comment, "A note that does nothing."},
    {"$db", parse_reference_field, "The database of a DBRef, as a plain field."},
    {"$expr",
     parse_expr,
     "An aggregation expression is true.",
     "an equality with a constant uses an index, a multikey one as well"},
    {"$id", parse_reference_field, "The id of a DBRef, as a plain field."},
    {"$jsonSchema", parse_json_schema_operator, "Valid by a JSON schema."},
    {"$nor", parse_nor, "Meets none of the filters."},
    {"$or", parse_or, "Meets one of the filters."},
    {"$ref", parse_reference_field, "The collection of a DBRef, as a plain field."},
    {"$text", refuse_document, "A search for words.", {}, "plumbd has no text indexes"},
    {"$where", refuse_document, "A JavaScript function is true.", {}, "plumbd has no JavaScript"},
});

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

std::vector<LanguageEntry> match_entries() {
    std::vector<LanguageEntry> out = entries_of(kFieldOperators);
    const std::vector<LanguageEntry> more = entries_of(kDocumentOperators);
    out.insert(out.end(), more.begin(), more.end());
    std::ranges::sort(out, {}, &LanguageEntry::name);
    return out;
}

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
