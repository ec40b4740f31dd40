// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/workload/placeholder.h"

#include "bson/builder.h"

namespace plumb::workload {
namespace {

std::optional<Placeholder> placeholder_in(bson::ValueView value) {
    if (value.type() != bson::Type::String) {
        return std::nullopt;
    }
    return parse_placeholder(value.as_string());
}

// NOLINTNEXTLINE(misc-no-recursion): bounded by the depth of a project file
Status append_substituted(bson::Builder& out, bson::View pattern, const ValueOf& value_of) {
    for (const bson::Element& element : pattern) {
        if (element.value.type() == bson::Type::Document) {
            out.begin_document(element.name);
            PLUMB_CHECK(append_substituted(out, element.value.as_document(), value_of));
            out.end();
        } else if (element.value.type() == bson::Type::Array) {
            out.begin_array(element.name);
            PLUMB_CHECK(append_substituted(out, element.value.as_array(), value_of));
            out.end();
        } else if (const auto placeholder = placeholder_in(element.value)) {
            PLUMB_TRY(value, value_of(*placeholder));
            out.append(element.name, value);
        } else {
            out.append(element.name, element.value);
        }
    }
    return {};
}

}  // namespace

std::optional<Placeholder> parse_placeholder(std::string_view text) {
    if (text.size() < 5 || !text.starts_with("{{") || !text.ends_with("}}")) {
        return std::nullopt;
    }
    const std::string_view inside = text.substr(2, text.size() - 4);
    const std::size_t dot = inside.find('.');
    if (dot == std::string_view::npos) {
        return Placeholder{inside, {}};
    }
    return Placeholder{inside.substr(0, dot), inside.substr(dot + 1)};
}

Result<bson::Document> substitute(bson::View pattern, const ValueOf& value_of) {
    bson::Builder out;
    PLUMB_CHECK(append_substituted(out, pattern, value_of));
    return out.finish();
}

// NOLINTNEXTLINE(misc-no-recursion): bounded by the depth of a project file
void for_each_placeholder(bson::View pattern, const std::function<void(const Placeholder&)>& see) {
    for (const bson::Element& element : pattern) {
        if (element.value.type() == bson::Type::Document ||
            element.value.type() == bson::Type::Array) {
            for_each_placeholder(element.value.as_container(), see);
        } else if (const auto placeholder = placeholder_in(element.value)) {
            see(*placeholder);
        }
    }
}

}  // namespace plumb::workload
