// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/yaml_document.h"

#include "bson/builder.h"
#include "project/suggest.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace plumb::project {
namespace {

template <class T>
Result<std::optional<T>> optional_member(const YamlNode& map,
                                         std::string_view key,
                                         Result<T> (YamlNode::*read)() const) {
    const YamlNode* member = map.find(key);
    if (member == nullptr) {
        return std::optional<T>{};
    }
    PLUMB_TRY(value, (member->*read)().context(fmt::format("'{}'", key)));
    return std::optional<T>{std::move(value)};
}

template <class T>
Result<T> member_or(const YamlNode& map,
                    std::string_view key,
                    T fallback,
                    Result<T> (YamlNode::*read)() const) {
    PLUMB_TRY(value, optional_member(map, key, read));
    return value.has_value() ? std::move(*value) : std::move(fallback);
}

std::string_view kind_name(YamlNode::Kind kind) {
    switch (kind) {
        case YamlNode::Kind::Null:
            return "nothing";
        case YamlNode::Kind::Scalar:
            return "a single value";
        case YamlNode::Kind::Sequence:
            return "a list";
        case YamlNode::Kind::Map:
            return "a map";
    }
    return "";
}

}  // namespace

std::string Position::to_string() const {
    return fmt::format("{}:{}:{}", file ? *file : std::string{"?"}, line, column);
}

Error fail_at(const Position& position, std::string_view message) {
    bson::Builder details;
    details.append("file", position.file ? std::string_view{*position.file} : std::string_view{});
    details.append("line", static_cast<std::int32_t>(position.line));
    details.append("column", static_cast<std::int32_t>(position.column));
    return fail(ErrorCode::ProjectFileInvalid, fmt::format("{}: {}", position.to_string(), message))
        .with_details(details.finish().bytes());
}

YamlNode YamlNode::scalar(std::string text, bool quoted, Position position) {
    YamlNode node{Kind::Scalar, std::move(position)};
    node.text_ = std::move(text);
    node.quoted_ = quoted;
    return node;
}

const YamlNode* YamlNode::find(std::string_view key) const {
    const auto member = std::find_if(members_.begin(), members_.end(), [key](const Member& each) {
        return each.first.text_ == key;
    });
    return member == members_.end() ? nullptr : &member->second;
}

Result<YamlNode> YamlNode::at(std::string_view key) const {
    if (!is_map()) {
        return fail_at(
            position_,
            fmt::format("a map with '{}' is needed here, not {}", key, kind_name(kind_)));
    }
    const YamlNode* member = find(key);
    if (member == nullptr) {
        return fail_at(position_, fmt::format("'{}' is missing", key));
    }
    return *member;
}

Result<std::string> YamlNode::as_string() const {
    if (!is_scalar()) {
        return fail_at(position_, fmt::format("a text is needed here, not {}", kind_name(kind_)));
    }
    return text_;
}

Result<std::int64_t> YamlNode::as_int() const {
    std::int64_t number = 0;
    const char* end = text_.data() + text_.size();
    const auto read = std::from_chars(text_.data(), end, number);
    if (!is_scalar() || quoted_ || text_.empty() || read.ec != std::errc{} || read.ptr != end) {
        return fail_at(position_, fmt::format("an integer is needed here, not '{}'", text_));
    }
    return number;
}

Result<double> YamlNode::as_double() const {
    double number = 0;
    const char* end = text_.data() + text_.size();
    const auto read = std::from_chars(text_.data(), end, number);
    if (!is_scalar() || quoted_ || text_.empty() || read.ec != std::errc{} || read.ptr != end) {
        return fail_at(position_, fmt::format("a number is needed here, not '{}'", text_));
    }
    return number;
}

Result<bool> YamlNode::as_bool() const {
    if (is_scalar() && !quoted_ && (text_ == "true" || text_ == "false")) {
        return text_ == "true";
    }
    return fail_at(position_, fmt::format("true or false is needed here, not '{}'", text_));
}

Result<std::vector<std::string>> YamlNode::as_strings() const {
    if (!is_sequence()) {
        return fail_at(position_, fmt::format("a list is needed here, not {}", kind_name(kind_)));
    }
    std::vector<std::string> out;
    for (const YamlNode& item : items_) {
        PLUMB_TRY(text, item.as_string());
        out.push_back(std::move(text));
    }
    return out;
}

Result<std::optional<std::string>> YamlNode::string_or_none(std::string_view key) const {
    return optional_member(*this, key, &YamlNode::as_string);
}

Result<std::string> YamlNode::string_or(std::string_view key, std::string fallback) const {
    return member_or(*this, key, std::move(fallback), &YamlNode::as_string);
}

Result<std::int64_t> YamlNode::int_or(std::string_view key, std::int64_t fallback) const {
    return member_or(*this, key, fallback, &YamlNode::as_int);
}

Result<double> YamlNode::double_or(std::string_view key, double fallback) const {
    return member_or(*this, key, fallback, &YamlNode::as_double);
}

Result<bool> YamlNode::bool_or(std::string_view key, bool fallback) const {
    return member_or(*this, key, fallback, &YamlNode::as_bool);
}

Status YamlNode::only_keys(std::initializer_list<std::string_view> known) const {
    if (!is_map()) {
        return fail_at(position_, fmt::format("a map is needed here, not {}", kind_name(kind_)));
    }
    for (const auto& [key, value] : members_) {
        if (std::find(known.begin(), known.end(), key.text_) == known.end()) {
            return fail_at(key.position_,
                           fmt::format("unknown key '{}'{} (known here: {})",
                                       key.text_,
                                       did_you_mean(key.text_, known),
                                       fmt::join(known.begin(), known.end(), ", ")));
        }
    }
    return {};
}

}  // namespace plumb::project
