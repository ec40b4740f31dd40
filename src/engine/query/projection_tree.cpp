// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/projection_tree.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::query {
namespace {

using bson::Builder;
using bson::Element;
using bson::Type;
using bson::ValueView;
using bson::View;

struct Split {
    std::string_view first;
    std::string_view rest;
};

Split split(std::string_view dotted) {
    const std::size_t dot = dotted.find('.');
    if (dot == std::string_view::npos) {
        return {dotted, {}};
    }
    return {dotted.substr(0, dot), dotted.substr(dot + 1)};
}

bool is_container(ValueView value) {
    return value.type() == Type::Document || value.type() == Type::Array;
}

}  // namespace

ProjectionTree& ProjectionTree::child(std::string_view name) {
    auto& place = children_[std::string{name}];
    if (place == nullptr) {
        place = std::make_unique<ProjectionTree>();
    }
    return *place;
}

void ProjectionTree::add(std::string_view dotted, bool show) {
    ProjectionTree* node = this;
    while (!dotted.empty()) {
        node->show_unnamed_ = !show;
        const Split parts = split(dotted);
        node = &node->child(parts.first);
        dotted = parts.rest;
    }
    node->show_unnamed_ = show;
}

void ProjectionTree::add_slice(std::string_view dotted, ArraySlice slice) {
    ProjectionTree* node = this;
    while (!dotted.empty()) {
        // What holds a slice must be gone into, even where nothing else is named.
        if (node != this && !node->slice_) {
            node->slice_ = ArraySlice{};
        }
        const Split parts = split(dotted);
        node = &node->child(parts.first);
        dotted = parts.rest;
    }
    node->slice_ = slice;
}

Status ProjectionTree::append_field(const Element& field,
                                    const std::optional<std::uint32_t>& position,
                                    Builder& out) const {
    const auto found = children_.find(field.name);
    if (found == children_.end()) {
        if (show_unnamed_) {
            out.append(field.name, field.value);
        }
        return {};
    }
    const ProjectionTree& node = *found->second;
    const bool is_leaf = node.children_.empty() && !node.slice_;
    if (is_leaf || !is_container(field.value)) {
        if (node.show_unnamed_) {
            out.append(field.name, field.value);
        }
        return {};
    }
    if (field.value.type() == Type::Array && position) {
        const ValueView element = field.value.as_array().at(*position);
        if (element.missing()) {
            return fail(ErrorCode::BadValue,
                        fmt::format("positional operator '{}.$' element mismatch", field.name));
        }
        out.begin_array(field.name);
        out.push(element);
        out.end();
        return {};
    }
    node.append_inside(field, position, out);
    return {};
}

void ProjectionTree::append_inside(const Element& field,
                                   const std::optional<std::uint32_t>& position,
                                   Builder& out) const {
    if (field.value.type() == Type::Array) {
        out.begin_array(field.name);
        append_elements(field.value.as_array(), slice_.value_or(ArraySlice{}), out);
        out.end();
        return;
    }
    out.begin_document(field.name);
    for (const Element& inner : field.value.as_document()) {
        // Below the top level, 4.2 leaves out what a position does not fit.
        static_cast<void>(append_field(inner, position, out));
    }
    out.end();
}

void ProjectionTree::append_elements(View array, ArraySlice slice, Builder& out) const {
    std::int64_t skip = slice.skip;
    if (skip < 0) {
        skip = std::max<std::int64_t>(0, skip + static_cast<std::int64_t>(array.count()));
    }
    std::int64_t left = slice.limit;
    for (const Element& element : array) {
        if (skip > 0) {
            --skip;
            continue;
        }
        if (left == 0) {
            break;
        }
        left -= left > 0 ? 1 : 0;
        append_array_element(element.value, out);
    }
}

void ProjectionTree::append_array_element(ValueView element, Builder& out) const {
    if (element.type() == Type::Array) {
        out.push_array();
        append_elements(element.as_array(), {}, out);
        out.end();
    } else if (element.type() == Type::Document) {
        out.push_document();
        for (const Element& inner : element.as_document()) {
            static_cast<void>(append_field(inner, std::nullopt, out));
        }
        out.end();
    } else if (show_unnamed_) {
        out.push(element);
    }
}

}  // namespace plumb::query
