// SPDX-License-Identifier: GPL-3.0-or-later
// YAML values as BSON: plain scalars by the YAML 1.2 core schema, and extended JSON's wrappers.
#include "bson/builder.h"
#include "bson/json.h"
#include "project/yaml_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace plumb::project {
namespace {

// One-key maps that extended JSON reads as a value of another type.
constexpr auto kWrappers = std::to_array<std::string_view>({
    "$binary",
    "$date",
    "$maxKey",
    "$minKey",
    "$numberDecimal",
    "$numberDouble",
    "$numberInt",
    "$numberLong",
    "$oid",
    "$regularExpression",
    "$timestamp",
    "$undefined",
    "$uuid",
});

bool is_wrapper(const YamlNode& node) {
    return node.is_map() && node.members().size() == 1 &&
           std::binary_search(
               kWrappers.begin(), kWrappers.end(), node.members().front().first.text());
}

bool looks_like_number(std::string_view text) {
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
        text.remove_prefix(1);
    }
    if (!text.empty() && text.front() == '.') {
        text.remove_prefix(1);
    }
    return !text.empty() && text.front() >= '0' && text.front() <= '9';
}

bson::Value plain_scalar(const std::string& text) {
    if (text.empty() || text == "null" || text == "~") {
        return bson::Value::null();
    }
    if (text == "true" || text == "false") {
        return bson::Value{text == "true"};
    }
    if (text == ".inf" || text == "-.inf") {
        const double infinity = std::numeric_limits<double>::infinity();
        return bson::Value{text == ".inf" ? infinity : -infinity};
    }
    if (text == ".nan") {
        return bson::Value{std::numeric_limits<double>::quiet_NaN()};
    }
    if (!looks_like_number(text)) {
        return bson::Value{std::string_view{text}};
    }
    const char* begin = text.data() + (text.front() == '+' ? 1 : 0);
    const char* end = text.data() + text.size();
    std::int64_t integer = 0;
    const auto as_integer = std::from_chars(begin, end, integer);
    if (as_integer.ec == std::errc{} && as_integer.ptr == end) {
        const bool small = integer >= std::numeric_limits<std::int32_t>::min() &&
                           integer <= std::numeric_limits<std::int32_t>::max();
        return small ? bson::Value{static_cast<std::int32_t>(integer)} : bson::Value{integer};
    }
    double number = 0;
    const auto as_double = std::from_chars(begin, end, number);
    if (as_double.ec == std::errc{} && as_double.ptr == end) {
        return bson::Value{number};
    }
    return bson::Value{std::string_view{text}};
}

// The wrapper's inside rendered as BSON, then as JSON, then read by the extended JSON reader: so
// that there is one list of what a wrapper may hold.
Result<bson::Value> unwrap(const YamlNode& node, const bson::Document& plain) {
    std::string json = bson::to_json(plain.view(), bson::JsonMode::Relaxed);
    auto read = bson::from_json("{\"v\": " + json + "}");
    if (!read.ok()) {
        return fail_at(node.position(), read.error().message());
    }
    return bson::Value{read->find("v")};
}

}  // namespace

// NOLINTNEXTLINE(misc-no-recursion): bounded by the parser's depth limit
Result<bson::Value> YamlNode::as_bson() const {
    switch (kind_) {
        case Kind::Null:
            return bson::Value::null();
        case Kind::Scalar:
            return quoted_ ? bson::Value{std::string_view{text_}} : plain_scalar(text_);
        case Kind::Sequence: {
            bson::Builder out;
            for (const YamlNode& item : items_) {
                PLUMB_TRY(value, item.as_bson());
                out.push(value);
            }
            return out.finish_array();
        }
        case Kind::Map: {
            PLUMB_TRY(document, as_bson_document());
            if (is_wrapper(*this)) {
                return unwrap(*this, document);
            }
            return bson::Value{bson::Type::Document, std::move(document).take()};
        }
    }
    return bson::Value::null();
}

// NOLINTNEXTLINE(misc-no-recursion): bounded by the parser's depth limit
Result<bson::Document> YamlNode::as_bson_document() const {
    if (!is_map()) {
        return fail_at(position_, "a map is needed here");
    }
    bson::Builder out;
    for (const auto& [key, value] : members_) {
        PLUMB_TRY(converted, value.as_bson());
        out.append(key.text_, converted);
    }
    return out.finish();
}

}  // namespace plumb::project
