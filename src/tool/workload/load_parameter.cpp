// SPDX-License-Identifier: GPL-3.0-or-later
// One parameter of workload.yaml: {sample, misses}, {one_of}, {day}, {month}, {copy, fresh},
// {range, days or share} or {prefix, length, anchored}.
#include "tool/workload/load_internal.h"

#include <fmt/format.h>

namespace plumb::workload {
namespace {

using project::fail_at;
using project::YamlNode;

// Ten years: a slip of the pen rather than a parameter.
constexpr std::int64_t kSpanMax = 3660;
constexpr std::int64_t kPrefixMax = 64;

Result<std::int32_t> read_offset(const YamlNode& node) {
    PLUMB_TRY(number, node.as_int());
    if (number < -kSpanMax || number > kSpanMax) {
        return fail_at(node.position(), fmt::format("{} lies beyond ±{}", number, kSpanMax));
    }
    return static_cast<std::int32_t>(number);
}

// A number, or a pair [from, to].
Result<Span> read_span(const YamlNode& node) {
    if (!node.is_sequence()) {
        PLUMB_TRY(offset, read_offset(node));
        return Span{offset, offset};
    }
    if (node.items().size() != 2) {
        return fail_at(node.position(), "a number or [from, to] is needed here");
    }
    PLUMB_TRY(from, read_offset(node.items()[0]));
    PLUMB_TRY(to, read_offset(node.items()[1]));
    if (from > to) {
        return fail_at(node.position(), fmt::format("{} is after {}", from, to));
    }
    return Span{from, to};
}

Status read_sample(const YamlNode& node, Parameter& parameter) {
    PLUMB_CHECK(node.only_keys({"sample", "misses", "elements"}));
    PLUMB_TRY(collection_node, node.at("sample"));
    PLUMB_TRY(collection, collection_node.as_string());
    PLUMB_TRY(misses, node.double_or("misses", 0));
    if (!(misses >= 0 && misses <= 1)) {
        return fail_at(node.find("misses")->position(), "misses is a share between 0 and 1");
    }
    PLUMB_TRY(elements, node.bool_or("elements", false));
    parameter.source = Source::Sample;
    parameter.collection = collection;
    parameter.misses = misses;
    parameter.elements = elements;
    return {};
}

Status read_one_of(const YamlNode& node, Parameter& parameter) {
    PLUMB_CHECK(node.only_keys({"one_of"}));
    PLUMB_TRY(values, node.at("one_of"));
    if (!values.is_sequence() || values.items().empty()) {
        return fail_at(values.position(), "a list of at least one value is needed here");
    }
    parameter.source = Source::OneOf;
    for (const YamlNode& item : values.items()) {
        PLUMB_TRY(value, item.as_bson());
        parameter.values.push_back(std::move(value));
    }
    return {};
}

Status read_copy(const YamlNode& node, Parameter& parameter) {
    PLUMB_CHECK(node.only_keys({"copy", "fresh"}));
    PLUMB_TRY(collection_node, node.at("copy"));
    PLUMB_TRY(collection, collection_node.as_string());
    parameter.source = Source::Copy;
    parameter.collection = collection;
    if (const YamlNode* fresh = node.find("fresh")) {
        for (const auto& [field, prefix] : fresh->members()) {
            PLUMB_TRY(text, prefix.as_string());
            parameter.fresh.emplace_back(field.text(), text);
        }
    }
    return {};
}

Status read_time(const YamlNode& node, std::string_view key, Source source, Parameter& parameter) {
    PLUMB_CHECK(node.only_keys({key}));
    PLUMB_TRY(offsets, node.at(key));
    PLUMB_TRY(span, read_span(offsets));
    parameter.source = source;
    parameter.span = span;
    return {};
}

// "orders.delivery_date"; a field of a field has more dots.
Status read_field(const YamlNode& node, Parameter& parameter) {
    PLUMB_TRY(text, node.as_string());
    const std::size_t dot = text.find('.');
    if (dot == 0 || dot == std::string::npos || dot + 1 == text.size()) {
        return fail_at(node.position(), "a collection and its field are needed: orders.user_id");
    }
    parameter.collection = text.substr(0, dot);
    parameter.fields = {text.substr(dot + 1)};
    return {};
}

Status read_range(const YamlNode& node, Parameter& parameter) {
    PLUMB_CHECK(node.only_keys({"range", "days", "share"}));
    PLUMB_TRY(field, node.at("range"));
    PLUMB_CHECK(read_field(field, parameter));
    PLUMB_TRY(days, node.int_or("days", 0));
    PLUMB_TRY(share, node.double_or("share", 0));
    const bool has_days = node.find("days") != nullptr;
    if (has_days == (node.find("share") != nullptr) ||
        (has_days && (days < 1 || days > kSpanMax)) || (!has_days && !(share > 0 && share <= 1))) {
        return fail_at(
            node.position(),
            fmt::format("a range needs days (1 to {}) or share (above 0, up to 1)", kSpanMax));
    }
    parameter.source = Source::Range;
    parameter.days = static_cast<std::int32_t>(days);
    parameter.share = share;
    return {};
}

Status read_prefix(const YamlNode& node, Parameter& parameter) {
    PLUMB_CHECK(node.only_keys({"prefix", "length", "anchored"}));
    PLUMB_TRY(field, node.at("prefix"));
    PLUMB_CHECK(read_field(field, parameter));
    PLUMB_TRY(length, node.int_or("length", 3));
    if (length < 1 || length > kPrefixMax) {
        return fail_at(node.find("length")->position(),
                       fmt::format("a length is between 1 and {}", kPrefixMax));
    }
    PLUMB_TRY(anchored, node.bool_or("anchored", true));
    parameter.source = Source::Prefix;
    parameter.length = static_cast<std::int32_t>(length);
    parameter.anchored = anchored;
    return {};
}

}  // namespace

Result<Parameter> read_parameter(const std::string& name, const YamlNode& node) {
    Parameter parameter;
    parameter.name = name;
    if (node.find("sample") != nullptr) {
        PLUMB_CHECK(read_sample(node, parameter));
    } else if (node.find("one_of") != nullptr) {
        PLUMB_CHECK(read_one_of(node, parameter));
    } else if (node.find("day") != nullptr) {
        PLUMB_CHECK(read_time(node, "day", Source::Day, parameter));
    } else if (node.find("month") != nullptr) {
        PLUMB_CHECK(read_time(node, "month", Source::Month, parameter));
    } else if (node.find("copy") != nullptr) {
        PLUMB_CHECK(read_copy(node, parameter));
    } else if (node.find("range") != nullptr) {
        PLUMB_CHECK(read_range(node, parameter));
    } else if (node.find("prefix") != nullptr) {
        PLUMB_CHECK(read_prefix(node, parameter));
    } else {
        return fail_at(node.position(),
                       fmt::format("parameter \"{}\" needs one of sample, one_of, day, month, "
                                   "copy, range, prefix",
                                   name));
    }
    return parameter;
}

}  // namespace plumb::workload
