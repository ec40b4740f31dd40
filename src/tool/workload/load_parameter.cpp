// SPDX-License-Identifier: GPL-3.0-or-later
// One parameter of workload.yaml: {sample, misses}, {one_of}, {day}, {month} or {copy, fresh}.
#include "tool/workload/load_internal.h"

#include <fmt/format.h>

namespace plumb::workload {
namespace {

using project::fail_at;
using project::YamlNode;

// Ten years: a slip of the pen rather than a parameter.
constexpr std::int64_t kSpanMax = 3660;

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
    PLUMB_CHECK(node.only_keys({"sample", "misses"}));
    PLUMB_TRY(collection_node, node.at("sample"));
    PLUMB_TRY(collection, collection_node.as_string());
    PLUMB_TRY(misses, node.double_or("misses", 0));
    if (!(misses >= 0 && misses <= 1)) {
        return fail_at(node.find("misses")->position(), "misses is a share between 0 and 1");
    }
    parameter.source = Source::Sample;
    parameter.collection = collection;
    parameter.misses = misses;
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
    } else {
        return fail_at(
            node.position(),
            fmt::format("parameter \"{}\" needs one of sample, one_of, day, month, copy", name));
    }
    return parameter;
}

}  // namespace plumb::workload
