// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/json.h"
#include "bson/validate.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <string>

namespace plumb::bson {
namespace {

constexpr std::int64_t kIsoDateEnd = 253402300800000;  // 10000-01-01, in milliseconds
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

std::string encode_base64(std::string_view bytes) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t bits = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            bits = (bits << 8U) | (k < count ? static_cast<std::uint8_t>(bytes[i + k]) : 0U);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            const std::uint32_t digit = (bits >> (18U - 6U * k)) & 0x3FU;
            out.push_back(k <= count ? kDigits[digit] : '=');
        }
    }
    return out;
}

// Bytes of the well-formed UTF-8 character at the front; 0 if there is none.
std::size_t character_bytes(std::string_view text) {
    for (std::size_t count = 1; count <= 4 && count <= text.size(); ++count) {
        if (is_utf8(text.substr(0, count))) {
            return count;
        }
    }
    return 0;
}

std::string replace_bad_utf8(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t count = character_bytes(text);
        out.append(count == 0 ? kReplacement : text.substr(0, count));
        text.remove_prefix(count == 0 ? 1 : count);
    }
    return out;
}

void append_escaped(std::string& out, char c) {
    constexpr std::string_view kPlain = "\"\\\b\f\n\r\t";
    constexpr std::string_view kLetters = "\"\\bfnrt";
    const std::size_t known = kPlain.find(c);
    if (known != std::string_view::npos) {
        out.push_back('\\');
        out.push_back(kLetters[known]);
    } else {
        fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    }
}

void append_utf8_string(std::string& out, std::string_view text) {
    std::size_t run = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<std::uint8_t>(text[i]);
        if (byte < 0x20 || byte == '"' || byte == '\\') {
            out.append(text.substr(run, i - run));
            append_escaped(out, text[i]);
            run = i + 1;
        }
    }
    out.append(text.substr(run));
}

void append_string(std::string& out, std::string_view text) {
    out.push_back('"');
    if (is_utf8(text)) {
        append_utf8_string(out, text);
    } else {
        append_utf8_string(out, replace_bad_utf8(text));
    }
    out.push_back('"');
}

// The shortest digits that read back as the same double, always with a point or an exponent.
std::string double_text(double number) {
    if (std::isnan(number)) {
        return "NaN";
    }
    if (std::isinf(number)) {
        return number < 0 ? "-Infinity" : "Infinity";
    }
    std::array<char, 32> text;
    const auto [end, problem] = std::to_chars(text.data(), text.data() + text.size(), number);
    std::string out{text.data(), problem == std::errc{} ? end : text.data()};
    if (out.find_first_of(".e") == std::string::npos) {
        out.append(".0");
    }
    return out;
}

std::string iso_date(std::int64_t ms) {
    const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds{ms}};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    std::string out = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
                                  static_cast<int>(date.year()),
                                  static_cast<unsigned>(date.month()),
                                  static_cast<unsigned>(date.day()),
                                  clock.hours().count(),
                                  clock.minutes().count(),
                                  clock.seconds().count());
    if (clock.subseconds().count() != 0) {
        out += fmt::format(".{:03}", clock.subseconds().count());
    }
    return out + "Z";
}

class Writer {
  public:
    Writer(JsonMode mode, bool pretty) : canonical_(mode == JsonMode::Canonical), pretty_(pretty) {}

    void write(ValueView value);
    std::string take() { return std::move(out_); }

  private:
    void write_fields(View document, char open, char close, bool named);
    void new_line();
    void wrap(std::string_view name, std::string_view text);
    void write_integer(std::string_view name, std::int64_t number);
    void write_double(double number);
    void write_date(Date date);
    void write_binary(BinaryView binary);
    void write_regex(RegexView regex);
    void write_scoped_code(ValueView value);
    void write_db_pointer(ValueView value);

    bool canonical_;
    bool pretty_;
    std::size_t level_ = 0;
    std::string out_;
};

void Writer::new_line() {
    constexpr std::size_t kIndent = 2;
    out_.push_back('\n');
    out_.append(level_ * kIndent, ' ');
}

// NOLINTNEXTLINE(misc-no-recursion): bounded by kNestingParseMax, which validate() has checked
void Writer::write_fields(View document, char open, char close, bool named) {
    out_.push_back(open);
    ++level_;
    bool first = true;
    for (const Element& element : document) {
        if (!first) {
            out_.append(pretty_ ? "," : ", ");
        }
        first = false;
        if (pretty_) {
            new_line();
        }
        if (named) {
            append_string(out_, element.name);
            out_.append(": ");
        }
        write(element.value);
    }
    --level_;
    if (pretty_ && !first) {
        new_line();
    }
    out_.push_back(close);
}

// {"name": "text"}
void Writer::wrap(std::string_view name, std::string_view text) {
    out_.append("{\"").append(name).append("\": ");
    append_string(out_, text);
    out_.push_back('}');
}

void Writer::write_integer(std::string_view name, std::int64_t number) {
    const fmt::format_int text{number};
    const std::string_view digits{text.data(), text.size()};
    if (canonical_) {
        wrap(name, digits);
    } else {
        out_.append(digits);
    }
}

void Writer::write_double(double number) {
    if (canonical_ || !std::isfinite(number)) {
        wrap("$numberDouble", double_text(number));
    } else {
        out_.append(double_text(number));
    }
}

void Writer::write_date(Date date) {
    if (!canonical_ && date.ms >= 0 && date.ms < kIsoDateEnd) {
        wrap("$date", iso_date(date.ms));
        return;
    }
    out_.append("{\"$date\": ");
    wrap("$numberLong", fmt::format_int{date.ms}.c_str());
    out_.push_back('}');
}

void Writer::write_binary(BinaryView binary) {
    out_.append("{\"$binary\": {\"base64\": ");
    append_string(out_, encode_base64(binary.bytes));
    out_.append(fmt::format(", \"subType\": \"{:02x}\"}}}}", binary.subtype));
}

void Writer::write_regex(RegexView regex) {
    out_.append("{\"$regularExpression\": {\"pattern\": ");
    append_string(out_, regex.pattern);
    out_.append(", \"options\": ");
    append_string(out_, regex.options);
    out_.append("}}");
}

// NOLINTNEXTLINE(misc-no-recursion): bounded by kNestingParseMax
void Writer::write_scoped_code(ValueView value) {
    out_.append("{\"$code\": ");
    append_string(out_, value.scoped_code());
    out_.append(", \"$scope\": ");
    write_fields(value.code_scope(), '{', '}', true);
    out_.push_back('}');
}

void Writer::write_db_pointer(ValueView value) {
    out_.append("{\"$dbPointer\": {\"$ref\": ");
    append_string(out_, value.db_pointer_namespace());
    out_.append(", \"$id\": ");
    wrap("$oid", value.db_pointer_id().to_hex());
    out_.append("}}");
}

// NOLINTNEXTLINE(misc-no-recursion): bounded by kNestingParseMax
void Writer::write(ValueView value) {
    switch (value.type()) {
        case Type::Double:
            return write_double(value.as_double());
        case Type::String:
            return append_string(out_, value.as_string());
        case Type::Document:
            return write_fields(value.as_document(), '{', '}', true);
        case Type::Array:
            return write_fields(value.as_array(), '[', ']', false);
        case Type::Binary:
            return write_binary(value.as_binary());
        case Type::Undefined:
            out_.append("{\"$undefined\": true}");
            return;
        case Type::ObjectId:
            return wrap("$oid", value.as_object_id().to_hex());
        case Type::Bool:
            out_.append(value.as_bool() ? "true" : "false");
            return;
        case Type::Date:
            return write_date(value.as_date());
        case Type::Missing:
        case Type::Null:
            out_.append("null");
            return;
        case Type::Regex:
            return write_regex(value.as_regex());
        case Type::DbPointer:
            return write_db_pointer(value);
        case Type::Code:
            return wrap("$code", value.as_string());
        case Type::Symbol:
            return wrap("$symbol", value.as_string());
        case Type::CodeWithScope:
            return write_scoped_code(value);
        case Type::Int32:
            return write_integer("$numberInt", value.as_int32());
        case Type::Timestamp:
            out_.append(fmt::format("{{\"$timestamp\": {{\"t\": {}, \"i\": {}}}}}",
                                    value.as_timestamp().seconds,
                                    value.as_timestamp().increment));
            return;
        case Type::Int64:
            return write_integer("$numberLong", value.as_int64());
        case Type::Decimal128:
            return wrap("$numberDecimal", decimal_to_string(value.as_decimal()));
        case Type::MaxKey:
            out_.append("{\"$maxKey\": 1}");
            return;
        case Type::MinKey:
            out_.append("{\"$minKey\": 1}");
            return;
    }
}

std::string written(ValueView value, JsonMode mode, bool pretty) {
    Writer writer{mode, pretty};
    writer.write(value);
    return writer.take();
}

}  // namespace

std::string to_json(View document, JsonMode mode) {
    return written(document.as_value(), mode, false);
}

std::string to_json(ValueView value, JsonMode mode) {
    return written(value, mode, false);
}

std::string to_pretty_json(View document) {
    return written(document.as_value(), JsonMode::Relaxed, true);
}

}  // namespace plumb::bson
