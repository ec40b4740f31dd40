// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"
#include "engine/query/update_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace plumb::query {
namespace {

// The first part of every path in a filter: the filter's name, which must be one.
Status read_name(const MatchNode& node, std::string& name) {
    if (node.path.size() > 0) {
        const std::string_view first = node.path.part(0);
        if (!name.empty() && name != first) {
            return fail(ErrorCode::FailedToParse,
                        fmt::format("an array filter needs a single top-level field name, found "
                                    "'{}' and '{}'",
                                    name,
                                    first));
        }
        name = first;
    }
    const bool on_fields_of_elements =
        node.kind == MatchKind::ElemMatchObject || node.kind == MatchKind::ElemMatchValue;
    if (on_fields_of_elements) {
        return {};
    }
    for (const MatchNode& child : node.children) {
        PLUMB_CHECK(read_name(child, name));
    }
    return {};
}

Status check_name(std::string_view name) {
    if (name.empty()) {
        return fail(ErrorCode::FailedToParse, "an array filter needs a top-level field name");
    }
    const bool lower = name.front() >= 'a' && name.front() <= 'z';
    const bool rest = std::all_of(name.begin(), name.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0;
    });
    if (!lower || !rest) {
        return fail(ErrorCode::BadValue,
                    fmt::format("the top-level field name of an array filter must be an "
                                "alphanumeric string that begins with a lowercase letter, found "
                                "'{}'",
                                name));
    }
    return {};
}

}  // namespace

bool ArrayFilter::matches(bson::ValueView element) const {
    bson::Builder wrapped;
    wrapped.append(name, element);
    return matcher.matches(wrapped.finish_view());
}

Result<std::vector<ArrayFilter>> parse_array_filters(const UpdateOptions& options) {
    std::vector<ArrayFilter> out;
    MatchOptions match_options;
    match_options.allow_expr = false;
    for (const bson::Document& spec : options.array_filters) {
        auto parsed = Matcher::parse(spec, match_options);
        if (!parsed.ok()) {
            return std::move(parsed).error().context("parsing an array filter");
        }
        std::string name;
        PLUMB_CHECK(read_name(parsed->root(), name));
        PLUMB_CHECK(check_name(name));
        const bool twice = std::any_of(
            out.begin(), out.end(), [&name](const ArrayFilter& each) { return each.name == name; });
        if (twice) {
            return fail(ErrorCode::FailedToParse,
                        fmt::format("found multiple array filters with the same top-level field "
                                    "name {}",
                                    name));
        }
        out.push_back({std::move(name), std::move(parsed).value()});
    }
    return out;
}

}  // namespace plumb::query
