// SPDX-License-Identifier: GPL-3.0-or-later
// The documents of Extended JSON that stand for a value of another type.
#include "bson/json_internal.h"
#include "bson/number.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <system_error>

namespace plumb::bson::json {
namespace {

Error bad(std::string_view what) {
    return fail(ErrorCode::FailedToParse, std::string{what});
}

bool only_field(View wrapper) {
    return wrapper.count() == 1;
}

// The text of a document with one field that is a string; nothing otherwise.
std::optional<std::string_view> only_text(View wrapper) {
    const ValueView value = wrapper.front().value;
    if (!only_field(wrapper) || value.type() != Type::String) {
        return std::nullopt;
    }
    return value.as_string();
}

template <class T>
std::optional<T> parse_whole(std::string_view text) {
    T out{};
    const char* last = text.data() + text.size();
    const auto [end, problem] = std::from_chars(text.data(), last, out);
    return problem == std::errc{} && end == last && !text.empty() ? std::optional{out}
                                                                  : std::nullopt;
}

std::string wire_string(std::string_view text) {
    std::string out;
    const auto length = static_cast<std::uint32_t>(text.size() + 1);
    for (unsigned shift = 0; shift < 32; shift += 8) {
        out.push_back(static_cast<char>(static_cast<std::uint8_t>(length >> shift)));
    }
    out.append(text).push_back('\0');
    return out;
}

void append_wire(Builder& out, std::string_view name, Type type, std::string bytes) {
    out.append(name, Value{type, std::move(bytes)});
}

Status number_int(View wrapper, std::string_view name, Builder& out) {
    const auto text = only_text(wrapper);
    const auto number = text ? parse_whole<std::int32_t>(*text) : std::nullopt;
    if (!number) {
        return bad("$numberInt needs a 32-bit integer in a string");
    }
    out.append(name, *number);
    return {};
}

Status number_long(View wrapper, std::string_view name, Builder& out) {
    const auto text = only_text(wrapper);
    const auto number = text ? parse_whole<std::int64_t>(*text) : std::nullopt;
    if (!number) {
        return bad("$numberLong needs a 64-bit integer in a string");
    }
    out.append(name, *number);
    return {};
}

std::optional<double> parse_double(std::string_view text) {
    if (text == "NaN") {
        return std::numeric_limits<double>::quiet_NaN();
    }
    if (text == "Infinity" || text == "-Infinity") {
        const double infinity = std::numeric_limits<double>::infinity();
        return text.front() == '-' ? -infinity : infinity;
    }
    const auto number = parse_whole<double>(text);
    return number && std::isfinite(*number) ? number : std::nullopt;
}

Status number_double(View wrapper, std::string_view name, Builder& out) {
    const auto text = only_text(wrapper);
    const auto number = text ? parse_double(*text) : std::nullopt;
    if (!number) {
        return bad("$numberDouble needs a number in a string");
    }
    out.append(name, *number);
    return {};
}

Status number_decimal(View wrapper, std::string_view name, Builder& out) {
    const auto text = only_text(wrapper);
    const auto number = text ? decimal_from_string(*text) : std::nullopt;
    if (!number) {
        return bad("$numberDecimal needs a number in a string");
    }
    out.append(name, *number);
    return {};
}

Status object_id(View wrapper, std::string_view name, Builder& out) {
    const auto text = only_text(wrapper);
    const auto id = text ? ObjectId::from_hex(*text) : std::nullopt;
    if (!id) {
        return bad("$oid needs 24 hexadecimal digits");
    }
    out.append(name, *id);
    return {};
}

Status symbol(View wrapper, std::string_view name, Builder& out) {
    const auto text = only_text(wrapper);
    if (!text) {
        return bad("$symbol needs a string");
    }
    append_wire(out, name, Type::Symbol, wire_string(*text));
    return {};
}

Status code(View wrapper, std::string_view name, Builder& out) {
    const ValueView text = wrapper.front().value;
    const ValueView scope = wrapper.find("$scope");
    const std::size_t fields = wrapper.count();
    if (text.type() != Type::String) {
        return bad("$code needs a string");
    }
    if (fields == 1) {
        append_wire(out, name, Type::Code, wire_string(text.as_string()));
        return {};
    }
    if (fields != 2 || scope.type() != Type::Document) {
        return bad("beside $code only $scope may stand, a document");
    }
    const std::string body = wire_string(text.as_string()).append(scope.raw());
    std::string bytes;
    const auto length = static_cast<std::uint32_t>(body.size() + 4);
    for (unsigned shift = 0; shift < 32; shift += 8) {
        bytes.push_back(static_cast<char>(static_cast<std::uint8_t>(length >> shift)));
    }
    append_wire(out, name, Type::CodeWithScope, bytes.append(body));
    return {};
}

// Nothing if `text` is no base64 with its padding.
std::optional<std::string> decode_base64(std::string_view text) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    const std::size_t padding = text.size() - std::min(text.size(), text.find_last_not_of('=') + 1);
    if (padding > 2) {
        return std::nullopt;
    }
    std::string out;
    std::uint32_t bits = 0;
    unsigned bit_count = 0;
    for (const char c : text.substr(0, text.size() - padding)) {
        const std::size_t digit = kDigits.find(c);
        if (digit == std::string_view::npos) {
            return std::nullopt;
        }
        bits = (bits << 6U) | static_cast<std::uint32_t>(digit);
        bit_count += 6;
        if (bit_count >= 8) {
            bit_count -= 8;
            out.push_back(static_cast<char>(static_cast<std::uint8_t>(bits >> bit_count)));
        }
    }
    return out;
}

std::optional<std::uint8_t> parse_hex_byte(std::string_view text) {
    std::uint8_t out = 0;
    const char* last = text.data() + text.size();
    const auto [end, problem] = std::from_chars(text.data(), last, out, 16);
    const bool whole = problem == std::errc{} && end == last && !text.empty() && text.size() <= 2;
    return whole ? std::optional{out} : std::nullopt;
}

// {"$binary": {"base64": …, "subType": …}} and the older {"$binary": …, "$type": …}.
Status binary(View wrapper, std::string_view name, Builder& out) {
    const ValueView first = wrapper.front().value;
    const bool nested = first.type() == Type::Document;
    const ValueView data = nested ? first.as_document().find("base64") : first;
    const ValueView subtype = nested ? first.as_document().find("subType") : wrapper.find("$type");
    const std::size_t fields = nested ? first.as_document().count() : wrapper.count();
    if (fields != 2 || (nested && !only_field(wrapper)) || data.type() != Type::String ||
        subtype.type() != Type::String) {
        return bad("$binary needs base64 and subType, two strings");
    }
    const auto bytes = decode_base64(data.as_string());
    const auto number = parse_hex_byte(subtype.as_string());
    if (!bytes || !number) {
        return bad("$binary needs base64 and a hexadecimal subType");
    }
    out.append_binary(name, {*number, *bytes});
    return {};
}

Status uuid(View wrapper, std::string_view name, Builder& out) {
    constexpr std::uint8_t kUuidSubtype = 4;
    constexpr std::size_t kUuidCharacters = 36;
    const auto text = only_text(wrapper);
    std::string bytes;
    bool good = text && text->size() == kUuidCharacters;
    for (std::size_t i = 0; good && i < kUuidCharacters;) {
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            good = (*text)[i] == '-';
            i += 1;
            continue;
        }
        const auto byte = parse_hex_byte(text->substr(i, 2));
        good = byte.has_value();
        bytes.push_back(static_cast<char>(byte.value_or(0)));
        i += 2;
    }
    if (!good) {
        return bad("$uuid needs 32 hexadecimal digits in groups of 8-4-4-4-12");
    }
    out.append_binary(name, {kUuidSubtype, bytes});
    return {};
}

Status date(View wrapper, std::string_view name, Builder& out) {
    const ValueView value = wrapper.front().value;
    const auto ms =
        value.type() == Type::String ? parse_iso_date(value.as_string()) : to_exact_int64(value);
    if (!only_field(wrapper) || !ms) {
        return bad("$date needs an ISO 8601 date and time, or milliseconds");
    }
    out.append(name, Date{*ms});
    return {};
}

std::optional<std::uint32_t> unsigned_32(ValueView value) {
    const auto number = to_exact_int64(value);
    return number && *number >= 0 && *number <= UINT32_MAX
               ? std::optional{static_cast<std::uint32_t>(*number)}
               : std::nullopt;
}

Status timestamp(View wrapper, std::string_view name, Builder& out) {
    const ValueView value = wrapper.front().value;
    if (!only_field(wrapper) || value.type() != Type::Document ||
        value.as_document().count() != 2) {
        return bad("$timestamp needs {t, i}");
    }
    const auto seconds = unsigned_32(value.as_document().find("t"));
    const auto increment = unsigned_32(value.as_document().find("i"));
    if (!seconds || !increment) {
        return bad("$timestamp needs t and i, two unsigned 32-bit integers");
    }
    out.append(name, Timestamp{*seconds, *increment});
    return {};
}

bool has_zero(std::string_view text) {
    return text.find('\0') != std::string_view::npos;
}

Status regular_expression(View wrapper, std::string_view name, Builder& out) {
    const ValueView value = wrapper.front().value;
    if (!only_field(wrapper) || value.type() != Type::Document ||
        value.as_document().count() != 2) {
        return bad("$regularExpression needs {pattern, options}");
    }
    const ValueView pattern = value.as_document().find("pattern");
    const ValueView options = value.as_document().find("options");
    if (pattern.type() != Type::String || options.type() != Type::String ||
        has_zero(pattern.as_string()) || has_zero(options.as_string())) {
        return bad("$regularExpression needs pattern and options, two strings without U+0000");
    }
    std::string sorted{options.as_string()};
    std::sort(sorted.begin(), sorted.end());
    out.append_regex(name, {pattern.as_string(), sorted});
    return {};
}

Status db_pointer(View wrapper, std::string_view name, Builder& out) {
    const ValueView value = wrapper.front().value;
    if (!only_field(wrapper) || value.type() != Type::Document ||
        value.as_document().count() != 2) {
        return bad("$dbPointer needs {$ref, $id}");
    }
    const ValueView ns = value.as_document().find("$ref");
    const ValueView id = value.as_document().find("$id");
    if (ns.type() != Type::String || id.type() != Type::ObjectId) {
        return bad("$dbPointer needs a string $ref and an ObjectId $id");
    }
    append_wire(out, name, Type::DbPointer, wire_string(ns.as_string()).append(id.raw()));
    return {};
}

Status min_key(View wrapper, std::string_view name, Builder& out) {
    if (!only_field(wrapper) || to_exact_int64(wrapper.front().value) != 1) {
        return bad("$minKey needs 1");
    }
    out.append(name, Value::min_key());
    return {};
}

Status max_key(View wrapper, std::string_view name, Builder& out) {
    if (!only_field(wrapper) || to_exact_int64(wrapper.front().value) != 1) {
        return bad("$maxKey needs 1");
    }
    out.append(name, Value::max_key());
    return {};
}

Status undefined(View wrapper, std::string_view name, Builder& out) {
    const ValueView value = wrapper.front().value;
    if (!only_field(wrapper) || value.type() != Type::Bool || !value.as_bool()) {
        return bad("$undefined needs true");
    }
    out.append(name, Value::undefined());
    return {};
}

struct ConversionRow {
    std::string_view name;
    Convert convert;
};

constexpr auto kConversions = std::to_array<ConversionRow>({
    {"$binary", binary},
    {"$code", code},
    {"$date", date},
    {"$dbPointer", db_pointer},
    {"$maxKey", max_key},
    {"$minKey", min_key},
    {"$numberDecimal", number_decimal},
    {"$numberDouble", number_double},
    {"$numberInt", number_int},
    {"$numberLong", number_long},
    {"$oid", object_id},
    {"$regularExpression", regular_expression},
    {"$symbol", symbol},
    {"$timestamp", timestamp},
    {"$undefined", undefined},
    {"$uuid", uuid},
});

}  // namespace

Convert find_conversion(std::string_view first_name) {
    const auto row = std::lower_bound(
        kConversions.begin(),
        kConversions.end(),
        first_name,
        [](const ConversionRow& each, std::string_view name) { return each.name < name; });
    return row != kConversions.end() && row->name == first_name ? row->convert : nullptr;
}

}  // namespace plumb::bson::json
