// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/update_tree.h"

#include "base/limits.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::query {
namespace {

using bson::Builder;
using bson::Element;
using bson::Type;
using bson::ValueView;
using bson::View;

// Source: MongoDB 4.2, the most nulls that one update may pad an array with.
constexpr std::int64_t kArrayPaddingMax = 1'500'000;

constexpr ValueView kNull{Type::Null, nullptr, 0};

void write_fields(const UpdateValue& node, Builder& out);

void write_value(std::string_view name, const UpdateValue& node, Builder& out) {
    if (!node.open) {
        out.append(name, node.value);
        return;
    }
    if (node.value.type() == Type::Array) {
        out.begin_array(name);
    } else {
        out.begin_document(name);
    }
    write_fields(node, out);
    out.end();
}

void write_fields(const UpdateValue& node, Builder& out) {
    const bool is_array = node.value.type() == Type::Array;
    std::size_t index = 0;
    for (const UpdateField& field : node.fields) {
        if (is_array) {
            write_value(std::to_string(index++), field.value, out);
        } else {
            write_value(field.name, field.value, out);
        }
    }
}

UpdateField* find_field(UpdateValue& node, std::string_view name) {
    const auto found = std::find_if(node.fields.begin(),
                                    node.fields.end(),
                                    [name](const UpdateField& each) { return each.name == name; });
    return found == node.fields.end() ? nullptr : &*found;
}

}  // namespace

std::int64_t array_position(std::string_view step) {
    // More digits than any array could have elements are no position.
    if (step.empty() || step.size() > 10 ||
        !std::all_of(step.begin(), step.end(), [](char c) { return c >= '0' && c <= '9'; })) {
        return -1;
    }
    std::int64_t out = 0;
    for (const char digit : step) {
        out = out * 10 + (digit - '0');
    }
    return out;
}

bool is_reference_part(std::string_view name) {
    return name == "$ref" || name == "$id" || name == "$db";
}

ValueView keep_value(Arena& arena, ValueView value) {
    const std::string_view bytes = arena.copy(value.raw());
    return {value.type(), bytes.data(), static_cast<std::uint32_t>(bytes.size())};
}

Error path_not_viable(const UpdatePlace& place) {
    return fail(ErrorCode::PathNotViable,
                fmt::format("cannot use the part ({}) of ({}) to traverse the element before it",
                            place.steps[place.found],
                            fmt::join(place.steps, ".")));
}

Status check_storable(ValueView value, int depth) {
    if (value.type() != Type::Document && value.type() != Type::Array) {
        return {};
    }
    if (depth >= kNestingMax) {
        return fail(ErrorCode::Overflow,
                    fmt::format("a document may not nest deeper than {} levels", kNestingMax));
    }
    for (const Element& element : value.as_container()) {
        if (element.name.starts_with('$') && !is_reference_part(element.name)) {
            return fail(ErrorCode::DollarPrefixedFieldName,
                        fmt::format("the dollar ($) prefixed field '{}' is not valid for storage",
                                    element.name));
        }
        PLUMB_CHECK(check_storable(element.value, depth + 1));
    }
    return {};
}

UpdateTree::UpdateTree(View document, Arena& arena) : arena_(arena) {
    root_.value = document.as_value();
}

bool UpdateTree::open(UpdateValue& node) {
    if (node.open) {
        return true;
    }
    if (node.value.type() != Type::Document && node.value.type() != Type::Array) {
        return false;
    }
    const bool is_array = node.value.type() == Type::Array;
    for (const Element& element : node.value.as_container()) {
        UpdateField field;
        field.name = is_array ? std::string_view{} : element.name;
        field.value.value = element.value;
        node.fields.push_back(std::move(field));
    }
    node.open = true;
    return true;
}

UpdatePlace UpdateTree::locate(UpdateSteps steps) {
    UpdatePlace place;
    place.steps = std::move(steps);
    place.deepest = &root_;
    while (place.found < place.steps.size()) {
        const std::string& step = place.steps[place.found];
        UpdateValue& node = *place.deepest;
        if (!open(node)) {
            place.blocked = true;
            return place;
        }
        if (node.value.type() == Type::Document) {
            UpdateField* field = find_field(node, step);
            if (field == nullptr) {
                return place;
            }
            place.deepest = &field->value;
        } else {
            const std::int64_t position = array_position(step);
            place.blocked = position < 0;
            if (position < 0 || position >= static_cast<std::int64_t>(node.fields.size())) {
                return place;
            }
            place.deepest = &node.fields[static_cast<std::size_t>(position)].value;
        }
        ++place.found;
    }
    return place;
}

ValueView UpdateTree::value_at(const UpdatePlace& place) {
    if (!place.exists()) {
        return {};
    }
    if (!place.deepest->open) {
        return place.deepest->value;
    }
    Builder out;
    write_fields(*place.deepest, out);
    const View built = out.finish_view();
    const std::string_view bytes = arena_.copy(built.raw());
    return {place.deepest->value.type(), bytes.data(), static_cast<std::uint32_t>(bytes.size())};
}

// `value` inside the documents that the steps from `from` on name.
ValueView UpdateTree::build_missing(const UpdateSteps& steps, std::size_t from, ValueView value) {
    for (std::size_t i = steps.size(); i > from; --i) {
        Builder out;
        out.append(steps[i - 1], value);
        value = keep_value(arena_, out.finish_view().as_value());
    }
    return value;
}

Status UpdateTree::set(UpdatePlace& place, ValueView value) {
    if (place.exists()) {
        UpdateValue& node = *place.deepest;
        node.open = false;
        node.fields.clear();
        node.value = value;
        return {};
    }
    if (place.blocked) {
        return path_not_viable(place);
    }
    for (std::size_t i = place.found; i < place.steps.size(); ++i) {
        const std::string& step = place.steps[i];
        const bool is_position = i == place.found && place.deepest->value.type() == Type::Array;
        if (!is_position && step.starts_with('$') && !is_reference_part(step)) {
            return fail(
                ErrorCode::DollarPrefixedFieldName,
                fmt::format("the dollar ($) prefixed field '{}' is not valid for storage", step));
        }
    }
    const std::string& step = place.steps[place.found];
    UpdateValue& parent = *place.deepest;
    UpdateField field;
    field.value.value = build_missing(place.steps, place.found + 1, value);
    if (parent.value.type() == Type::Document) {
        field.name = arena_.copy(step);
        parent.fields.push_back(std::move(field));
        return {};
    }
    const std::int64_t position = array_position(step);
    const std::int64_t padding = position - static_cast<std::int64_t>(parent.fields.size());
    if (padding > kArrayPaddingMax) {
        return fail(ErrorCode::CannotBackfillArray,
                    fmt::format("cannot pad an array with more than {} nulls", kArrayPaddingMax));
    }
    for (std::int64_t i = 0; i < padding; ++i) {
        UpdateField null;
        null.value.value = kNull;
        parent.fields.push_back(std::move(null));
    }
    parent.fields.push_back(std::move(field));
    return {};
}

bool UpdateTree::passes_array(const UpdateSteps& steps) {
    for (std::size_t count = 1; count < steps.size(); ++count) {
        const UpdatePlace place =
            locate({steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(count)});
        if (!place.exists()) {
            return false;
        }
        if (place.deepest->value.type() == Type::Array) {
            return true;
        }
    }
    return false;
}

void UpdateTree::remove(const UpdatePlace& place) {
    UpdateSteps above = place.steps;
    above.pop_back();
    UpdateValue& parent = *locate(std::move(above)).deepest;
    if (parent.value.type() == Type::Array) {
        UpdateValue& element = *place.deepest;
        element.open = false;
        element.fields.clear();
        element.value = kNull;
        return;
    }
    const auto is_named = [&place](const UpdateField& each) {
        return each.name == place.steps.back();
    };
    parent.fields.erase(std::find_if(parent.fields.begin(), parent.fields.end(), is_named));
}

bson::Document UpdateTree::finish() const {
    if (!root_.open) {
        return bson::Document{root_.value.as_document()};
    }
    Builder out;
    write_fields(root_, out);
    return out.finish();
}

}  // namespace plumb::query
