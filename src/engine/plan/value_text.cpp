// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/value_text.h"

#include "bson/document.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

namespace plumb::plan {
namespace {

using bson::Type;
using bson::ValueView;

// Longer strings are cut: MongoDB prints the first 70 bytes of one that takes more than 160.
constexpr std::size_t kTextBytesMax = 159;
constexpr std::size_t kTextBytesShown = 70;

std::string quoted(std::string_view text) {
    if (text.size() > kTextBytesMax) {
        return fmt::format("\"{}...\"", text.substr(0, kTextBytesShown));
    }
    return fmt::format("\"{}\"", text);
}

// Sixteen digits, and ".0" where nothing shows that it is no integer: "5.0", "inf.0", "nan.0".
std::string double_text(double number) {
    if (std::isnan(number)) {
        return "nan.0";
    }
    std::string text = fmt::format("{:.16g}", number);
    if (text.find('.') == std::string::npos) {
        text += ".0";
    }
    return text;
}

std::string hex_text(std::string_view bytes) {
    std::string out;
    for (const char byte : bytes) {
        out += fmt::format("{:02X}", static_cast<unsigned char>(byte));
    }
    return out;
}

std::string container_text(bson::View fields, bool names, char open, char close) {
    if (fields.empty()) {
        return {open, close};
    }
    std::string out{open};
    for (const bson::Element& field : fields) {
        out += out.size() == 1 ? " " : ", ";
        if (names) {
            out += field.name;
            out += ": ";
        }
        out += value_text(field.value);
    }
    out += ' ';
    out += close;
    return out;
}

}  // namespace

std::string value_text(ValueView value) {
    switch (value.type()) {
        case Type::MinKey:
            return "MinKey";
        case Type::MaxKey:
            return "MaxKey";
        case Type::Missing:
        case Type::Undefined:
            return "undefined";
        case Type::Null:
            return "null";
        case Type::Bool:
            return value.as_bool() ? "true" : "false";
        case Type::Int32:
            return fmt::format("{}", value.as_int32());
        case Type::Int64:
            return fmt::format("{}", value.as_int64());
        case Type::Double:
            return double_text(value.as_double());
        case Type::Decimal128:
            return bson::decimal_to_string(value.as_decimal());
        case Type::String:
        case Type::Symbol:
            return quoted(value.as_string());
        case Type::Code:
            return std::string{value.as_string()};
        case Type::CodeWithScope:
            return std::string{value.scoped_code()};
        case Type::ObjectId:
            return fmt::format("ObjectId('{}')", value.as_object_id().to_hex());
        case Type::Date:
            return fmt::format("new Date({})", value.as_date().ms);
        case Type::Timestamp:
            return fmt::format(
                "Timestamp({}, {})", value.as_timestamp().seconds, value.as_timestamp().increment);
        case Type::Binary:
            return fmt::format(
                "BinData({}, {})", value.as_binary().subtype, hex_text(value.as_binary().bytes));
        case Type::Regex:
            return fmt::format("/{}/{}", value.as_regex().pattern, value.as_regex().options);
        case Type::DbPointer:
            return fmt::format(
                "DBRef('{}',{})", value.db_pointer_namespace(), value.db_pointer_id().to_hex());
        case Type::Document:
            return container_text(value.as_container(), true, '{', '}');
        case Type::Array:
            return container_text(value.as_container(), false, '[', ']');
    }
    return "?";
}

}  // namespace plumb::plan
