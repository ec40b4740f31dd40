// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/match_internal.h"
#include "engine/query/regex.h"

#include <fmt/format.h>

namespace plumb::query {
namespace {

using bson::Element;
using bson::Path;
using bson::Type;
using bson::ValueView;

struct RegexParts {
    std::string_view pattern;
    std::string_view options;
};

Status read_pattern(ValueView operand, RegexParts& parts) {
    if (operand.type() == Type::String) {
        parts.pattern = operand.as_string();
        return {};
    }
    if (operand.type() != Type::Regex) {
        return fail(ErrorCode::BadValue, "$regex has to be a string");
    }
    const bson::RegexView regex = operand.as_regex();
    parts.pattern = regex.pattern;
    if (regex.options.empty()) {
        return {};
    }
    if (!parts.options.empty()) {
        return fail(ErrorCode{51074}, "options set in both $regex and $options");
    }
    parts.options = regex.options;
    return {};
}

Status read_options(ValueView operand, RegexParts& parts) {
    if (operand.type() != Type::String) {
        return fail(ErrorCode::BadValue, "$options has to be a string");
    }
    if (!parts.options.empty()) {
        return fail(ErrorCode{51075}, "options set in both $regex and $options");
    }
    parts.options = operand.as_string();
    return {};
}

Status read_part(const Element& element, RegexParts& parts) {
    if (element.name == "$regex") {
        return read_pattern(element.value, parts);
    }
    return element.name == "$options" ? read_options(element.value, parts) : Status{};
}

}  // namespace

Result<MatchNode> make_regex(const Path& path, std::string_view pattern, std::string_view options) {
    if (pattern.find('\0') != std::string_view::npos) {
        return fail(ErrorCode::BadValue,
                    "a regular expression cannot contain an embedded null byte");
    }
    PLUMB_TRY(regex, Regex::compile(pattern, options));
    MatchNode node = make_leaf(MatchKind::Regex, path);
    node.regexes.push_back(std::move(regex));
    return node;
}

Result<MatchNode> parse_regex(const FieldOperator& op) {
    RegexParts parts;
    for (const Element& element : op.siblings) {
        PLUMB_CHECK(read_part(element, parts));
    }
    return make_regex(op.path, parts.pattern, parts.options);
}

bool test_regex(const Regex& regex, ValueView value) {
    if (value.type() == Type::String || value.type() == Type::Symbol) {
        return regex.matches(value.as_string());
    }
    if (value.type() == Type::Regex) {
        const bson::RegexView stored = value.as_regex();
        return stored.pattern == regex.pattern() && stored.options == regex.options();
    }
    return false;
}

}  // namespace plumb::query
