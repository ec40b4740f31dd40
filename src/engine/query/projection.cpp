// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/projection.h"

#include "bson/number.h"
#include "engine/query/match_internal.h"
#include "engine/query/matcher.h"
#include "engine/query/projection_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

namespace plumb::query {

using bson::Builder;
using bson::Element;
using bson::Type;
using bson::ValueView;
using bson::View;

struct Projection::Impl {
    enum class Mode : std::uint8_t { Unset, Include, Exclude };

    ProjectionTree tree;
    Mode mode = Mode::Unset;
    bool show_id = true;
    bool has_operator = false;  // $slice or $elemMatch
    std::string positional;     // the path that ends with ".$"
    std::map<std::string, Matcher, std::less<>> elem_matches;
    std::set<std::string> required;

    [[nodiscard]] Status add(const Element& row, const MatchNode* filter);
    [[nodiscard]] Status add_operator(const Element& row);
    [[nodiscard]] Status add_slice(std::string_view path, ValueView argument);
    [[nodiscard]] Status add_elem_match(std::string_view path, ValueView argument);
    [[nodiscard]] Status add_positional(const Element& row, const MatchNode* filter);
    [[nodiscard]] Status append_field(View document,
                                      const Element& field,
                                      const std::optional<std::uint32_t>& position,
                                      Builder& out) const;
    [[nodiscard]] Status append_elem_match(const Matcher& matcher,
                                           View document,
                                           const Element& field,
                                           Builder& out) const;
};

namespace {

// "a.$", but not "a.$id": the parts of a DBRef are fields.
bool is_positional(std::string_view path) {
    const std::size_t dollar = path.find(".$");
    if (dollar == std::string_view::npos) {
        return false;
    }
    const std::string_view rest = path.substr(dollar + 1);
    return !rest.starts_with("$ref") && !rest.starts_with("$id") && !rest.starts_with("$db");
}

std::string_view first_part(std::string_view path) {
    return path.substr(0, path.find('.'));
}

// Whether the filter has a condition on the array that a positional projection shows.
bool has_condition_on(const MatchNode& node, std::string_view field) {
    if (node.path.size() > 0 && first_part(node.path.dotted()) == field) {
        return true;
    }
    const bool logical = node.kind == MatchKind::And || node.kind == MatchKind::Or ||
                         node.kind == MatchKind::Nor || node.kind == MatchKind::Not;
    return logical &&
           std::any_of(node.children.begin(), node.children.end(), [field](const MatchNode& child) {
               return has_condition_on(child, field);
           });
}

}  // namespace

Status Projection::Impl::add_slice(std::string_view path, ValueView argument) {
    if (argument.is_number()) {
        const std::int64_t count = bson::to_clamped_int64(argument);
        tree.add_slice(path, count < 0 ? ArraySlice{count, -count} : ArraySlice{0, count});
        return {};
    }
    if (argument.type() != Type::Array) {
        return fail(ErrorCode::BadValue, "$slice only supports numbers and [skip, limit] arrays");
    }
    const bson::ArrayView parts = argument.as_array();
    if (parts.count() != 2 || !parts.at(0).is_number() || !parts.at(1).is_number()) {
        return fail(ErrorCode::BadValue, "$slice takes two numbers: [skip, limit]");
    }
    const ArraySlice slice{bson::to_clamped_int64(parts.at(0)),
                           bson::to_clamped_int64(parts.at(1))};
    if (slice.limit <= 0) {
        return fail(ErrorCode::BadValue, "$slice limit must be positive");
    }
    tree.add_slice(path, slice);
    return {};
}

Status Projection::Impl::add_elem_match(std::string_view path, ValueView argument) {
    if (argument.type() != Type::Document) {
        return fail(ErrorCode::BadValue, "$elemMatch needs an object");
    }
    if (!positional.empty()) {
        return fail(ErrorCode::BadValue, "a projection cannot have a position and an $elemMatch");
    }
    if (path.find('.') != std::string_view::npos) {
        return fail(ErrorCode::BadValue, "a projection cannot use $elemMatch on a nested field");
    }
    Builder filter;
    filter.begin_document(path).append("$elemMatch", argument).end();
    MatchOptions options;
    options.allow_expr = false;
    PLUMB_TRY(matcher, Matcher::parse(filter.finish(), options));
    elem_matches.insert_or_assign(std::string{path}, std::move(matcher));
    tree.add(path, true);
    return {};
}

Status Projection::Impl::add_operator(const Element& row) {
    const View operators = row.value.as_document();
    if (operators.empty()) {
        return fail(ErrorCode::BadValue, "a projection's operator must not be empty");
    }
    const Element first = operators.front();
    has_operator = true;
    if (first.name == "$slice") {
        return add_slice(row.name, first.value);
    }
    if (first.name == "$elemMatch") {
        return add_elem_match(row.name, first.value);
    }
    return fail(ErrorCode::BadValue, fmt::format("unsupported projection option: {}", first.name));
}

Status Projection::Impl::add_positional(const Element& row, const MatchNode* filter) {
    if (!bson::truthy(row.value)) {
        return fail(ErrorCode::BadValue, "a positional projection cannot exclude elements");
    }
    if (!positional.empty()) {
        return fail(ErrorCode::BadValue, "a projection cannot have two positions");
    }
    if (!elem_matches.empty()) {
        return fail(ErrorCode::BadValue, "a projection cannot have a position and an $elemMatch");
    }
    const std::size_t dollar = row.name.find(".$");
    if (row.name.find(".$", dollar + 2) != std::string_view::npos) {
        return fail(ErrorCode::BadValue, "a positional projection cannot name two positions");
    }
    if (filter == nullptr || !has_condition_on(*filter, first_part(row.name))) {
        return fail(
            ErrorCode::BadValue,
            fmt::format("positional projection '{}' does not match the query document", row.name));
    }
    positional = row.name;
    return {};
}

Status Projection::Impl::add(const Element& row, const MatchNode* filter) {
    if (row.value.type() == Type::Document) {
        return add_operator(row);
    }
    const bool show = bson::truthy(row.value);
    if (row.name == "_id" && !show) {
        show_id = false;
        return {};
    }
    const Mode wanted = show ? Mode::Include : Mode::Exclude;
    if (mode != Mode::Unset && mode != wanted) {
        return fail(ErrorCode::BadValue,
                    "a projection cannot have a mix of inclusion and exclusion");
    }
    mode = wanted;
    tree.add(row.name, show);
    if (show) {
        required.emplace(row.name);
    }
    return is_positional(row.name) ? add_positional(row, filter) : Status{};
}

Status Projection::Impl::append_elem_match(const Matcher& matcher,
                                           View document,
                                           const Element& field,
                                           Builder& out) const {
    std::optional<std::uint32_t> found;
    if (field.value.type() != Type::Array || !matcher.matches(document, found) || !found) {
        return {};
    }
    Builder one;
    one.begin_array(field.name);
    one.push(field.value.as_array().at(*found));
    one.end();
    return tree.append_field(one.finish_view().front(), std::nullopt, out);
}

Status Projection::Impl::append_field(View document,
                                      const Element& field,
                                      const std::optional<std::uint32_t>& position,
                                      Builder& out) const {
    if (field.name == "_id") {
        if (show_id) {
            out.append(field.name, field.value);
        }
        return {};
    }
    const auto elem_match = elem_matches.find(field.name);
    if (elem_match != elem_matches.end()) {
        return append_elem_match(elem_match->second, document, field, out);
    }
    const bool is_target = !positional.empty() && field.value.type() == Type::Array &&
                           field.name == first_part(positional);
    if (is_target && !position) {
        return fail(
            ErrorCode::BadValue,
            fmt::format("positional operator '{}' requires a condition on the array", positional));
    }
    return tree.append_field(field, position, out);
}

Projection::Projection(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Projection::Projection(Projection&&) noexcept = default;
Projection& Projection::operator=(Projection&&) noexcept = default;
Projection::~Projection() = default;

Result<Projection> Projection::parse(View spec, const MatchNode* filter) {
    auto impl = std::make_unique<Impl>();
    for (const Element& row : spec) {
        PLUMB_CHECK(impl->add(row, filter));
    }
    if (impl->show_id) {
        impl->required.emplace("_id");
    }
    return Projection{std::move(impl)};
}

Status Projection::apply(View document, std::optional<std::uint32_t> position, Builder& out) const {
    out.clear();
    if (!needs_position()) {
        position.reset();
    }
    for (const Element& field : document) {
        PLUMB_CHECK(impl_->append_field(document, field, position, out));
    }
    return {};
}

bool Projection::is_simple_inclusion() const {
    return impl_->mode == Impl::Mode::Include && !impl_->has_operator && impl_->positional.empty();
}

bool Projection::needs_whole_document() const {
    return !is_simple_inclusion();
}

const std::set<std::string>& Projection::required_fields() const {
    return impl_->required;
}

bool Projection::needs_position() const {
    return !impl_->positional.empty();
}

}  // namespace plumb::query
