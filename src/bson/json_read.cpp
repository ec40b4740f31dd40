// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/limits.h"
#include "bson/builder.h"
#include "bson/json.h"
#include "bson/json_internal.h"
#include "bson/validate.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <string>
#include <system_error>

namespace plumb::bson {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

// -1 if it is no hexadecimal digit.
int hex_digit(char c) {
    if (is_digit(c)) {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

void append_utf8(std::string& out, std::uint32_t point) {
    const auto put = [&out](std::uint32_t byte) {
        out.push_back(static_cast<char>(static_cast<std::uint8_t>(byte)));
    };
    if (point < 0x80) {
        put(point);
    } else if (point < 0x800) {
        put(0xC0U | (point >> 6U));
        put(0x80U | (point & 0x3FU));
    } else if (point < 0x10000) {
        put(0xE0U | (point >> 12U));
        put(0x80U | ((point >> 6U) & 0x3FU));
        put(0x80U | (point & 0x3FU));
    } else {
        put(0xF0U | (point >> 18U));
        put(0x80U | ((point >> 12U) & 0x3FU));
        put(0x80U | ((point >> 6U) & 0x3FU));
        put(0x80U | (point & 0x3FU));
    }
}

class Reader {
  public:
    explicit Reader(std::string_view text) : text_(text) {}

    Result<Document> read_all() {
        skip_space();
        if (!at('{')) {
            return error("a document must begin with '{'");
        }
        Builder out;
        PLUMB_CHECK(read_fields(out, 1));
        skip_space();
        if (at_ != text_.size()) {
            return error("more text after the document");
        }
        return out.finish();
    }

  private:
    [[nodiscard]] bool at(char c) const { return at_ < text_.size() && text_[at_] == c; }
    [[nodiscard]] Error error(std::string_view what) const { return error_at(at_, what); }
    [[nodiscard]] Error error_at(std::size_t offset, std::string_view what) const;
    void skip_space();
    bool take(char c);
    bool take_word(std::string_view word);

    Status read_value(Builder& out, std::string_view name, int depth);
    Status read_object(Builder& out, std::string_view name, int depth);
    Status read_fields(Builder& out, int depth);
    Status read_array(Builder& out, std::string_view name, int depth);
    Status read_number(Builder& out, std::string_view name);
    std::size_t skip_digits();
    Status read_name(std::string& out);
    Status read_string(std::string& out);
    Status read_escape(std::string& out);
    Status read_code_point(std::string& out);
    Result<std::uint32_t> read_hex4();
    json::Convert peek_conversion();
    Status check_depth(int depth) const;

    std::string_view text_;
    std::size_t at_ = 0;
};

Error Reader::error_at(std::size_t offset, std::string_view what) const {
    std::size_t line = 1;
    std::size_t column = 1;
    for (const char c : text_.substr(0, offset)) {
        if (c == '\n') {
            ++line;
            column = 1;
        } else if ((static_cast<std::uint8_t>(c) & 0xC0U) != 0x80U) {
            ++column;  // once a character, not once a byte
        }
    }
    return fail(ErrorCode::FailedToParse,
                fmt::format("JSON, line {}, column {}: {}", line, column, what));
}

void Reader::skip_space() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r')) {
        ++at_;
    }
}

bool Reader::take(char c) {
    skip_space();
    if (!at(c)) {
        return false;
    }
    ++at_;
    return true;
}

bool Reader::take_word(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) {
        return false;
    }
    at_ += word.size();
    return true;
}

Status Reader::check_depth(int depth) const {
    if (depth > kNestingParseMax) {
        return fail(ErrorCode::Overflow,
                    fmt::format("JSON is nested deeper than {} levels", kNestingParseMax));
    }
    return {};
}

// NOLINTNEXTLINE(misc-no-recursion): bounded by kNestingParseMax
Status Reader::read_value(Builder& out, std::string_view name, int depth) {
    skip_space();
    if (at_ == text_.size()) {
        return error("the text ends where a value is expected");
    }
    const char c = text_[at_];
    if (c == '{') {
        return read_object(out, name, depth + 1);
    }
    if (c == '[') {
        return read_array(out, name, depth + 1);
    }
    if (c == '"' || c == '\'') {
        std::string text;
        PLUMB_CHECK(read_string(text));
        out.append(name, text);
        return {};
    }
    if (c == '-' || is_digit(c)) {
        return read_number(out, name);
    }
    if (take_word("true")) {
        out.append(name, true);
    } else if (take_word("false")) {
        out.append(name, false);
    } else if (take_word("null")) {
        out.append_null(name);
    } else {
        return error("a value is expected");
    }
    return {};
}

// Looks at the first name of the object that begins here, and goes back.
json::Convert Reader::peek_conversion() {
    const std::size_t start = at_;
    ++at_;
    skip_space();
    std::string first;
    const bool named = at_ < text_.size() && text_[at_] != '}' && read_name(first).ok();
    at_ = start;
    return named && first.starts_with('$') ? json::find_conversion(first) : nullptr;
}

// NOLINTNEXTLINE(misc-no-recursion): bounded by kNestingParseMax
Status Reader::read_object(Builder& out, std::string_view name, int depth) {
    const json::Convert convert = peek_conversion();
    if (convert == nullptr) {
        out.begin_document(name);
        PLUMB_CHECK(read_fields(out, depth));
        out.end();
        return {};
    }
    const std::size_t start = at_;
    Builder wrapper;
    PLUMB_CHECK(read_fields(wrapper, depth));
    if (const Status converted = convert(wrapper.finish_view(), name, out); !converted.ok()) {
        return error_at(start, converted.error().message());
    }
    return {};
}

// NOLINTNEXTLINE(misc-no-recursion): bounded by kNestingParseMax
Status Reader::read_fields(Builder& out, int depth) {
    PLUMB_CHECK(check_depth(depth));
    ++at_;
    if (take('}')) {
        return {};
    }
    std::string name;
    do {
        skip_space();
        const std::size_t name_start = at_;
        PLUMB_CHECK(read_name(name));
        if (name.find('\0') != std::string::npos) {
            return error_at(name_start, "a field name cannot hold the character U+0000");
        }
        if (!take(':')) {
            return error("':' is expected after a field name");
        }
        PLUMB_CHECK(read_value(out, name, depth));
    } while (take(','));
    if (!take('}')) {
        return error("',' or '}' is expected");
    }
    return {};
}

// NOLINTNEXTLINE(misc-no-recursion): bounded by kNestingParseMax
Status Reader::read_array(Builder& out, std::string_view name, int depth) {
    PLUMB_CHECK(check_depth(depth));
    ++at_;
    out.begin_array(name);
    if (!take(']')) {
        std::uint32_t index = 0;
        do {
            PLUMB_CHECK(read_value(out, fmt::format_int{index}.c_str(), depth));
            ++index;
        } while (take(','));
        if (!take(']')) {
            return error("',' or ']' is expected");
        }
    }
    out.end();
    return {};
}

std::size_t Reader::skip_digits() {
    const std::size_t first = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) {
        ++at_;
    }
    return at_ - first;
}

Status Reader::read_number(Builder& out, std::string_view name) {
    const std::size_t start = at_;
    if (at('-')) {
        ++at_;
    }
    const std::size_t whole_start = at_;
    const std::size_t whole_digits = skip_digits();
    bool good = whole_digits == 1 || (whole_digits > 1 && text_[whole_start] != '0');
    bool is_integer = true;
    if (at('.')) {
        is_integer = false;
        ++at_;
        good = skip_digits() > 0 && good;
    }
    if (at('e') || at('E')) {
        is_integer = false;
        ++at_;
        if (at('+') || at('-')) {
            ++at_;
        }
        good = skip_digits() > 0 && good;
    }
    if (!good) {
        return error_at(start, "this is no number");
    }
    const char* first = text_.data() + start;
    const char* last = text_.data() + at_;
    std::int64_t integer = 0;
    if (is_integer && std::from_chars(first, last, integer).ec == std::errc{}) {
        if (integer >= INT32_MIN && integer <= INT32_MAX) {
            out.append(name, static_cast<std::int32_t>(integer));
        } else {
            out.append(name, integer);
        }
        return {};
    }
    double number = 0;
    if (std::from_chars(first, last, number).ec != std::errc{}) {
        return error_at(start, "the number does not fit a double");
    }
    out.append(name, number);
    return {};
}

Status Reader::read_name(std::string& out) {
    out.clear();
    if (at('"') || at('\'')) {
        return read_string(out);
    }
    const std::size_t start = at_;
    while (at_ < text_.size() &&
           (is_name_start(text_[at_]) || (at_ > start && is_digit(text_[at_])))) {
        ++at_;
    }
    if (at_ == start) {
        return error("a field name is expected");
    }
    out.append(text_.substr(start, at_ - start));
    return {};
}

Status Reader::read_string(std::string& out) {
    const std::size_t start = at_;
    const char quote = text_[at_++];
    while (true) {
        const std::size_t run = at_;
        while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\\' &&
               static_cast<std::uint8_t>(text_[at_]) >= 0x20) {
            ++at_;
        }
        const std::string_view plain = text_.substr(run, at_ - run);
        if (!is_utf8(plain)) {
            return error_at(run, "the string is no UTF-8");
        }
        out.append(plain);
        if (at_ == text_.size()) {
            return error_at(start, "the string has no end");
        }
        if (text_[at_] == quote) {
            ++at_;
            return {};
        }
        if (text_[at_] != '\\') {
            return error("a control character in a string must be escaped");
        }
        PLUMB_CHECK(read_escape(out));
    }
}

Status Reader::read_escape(std::string& out) {
    constexpr std::string_view kLetters = "\"\\/bfnrt'";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t'";
    const std::size_t start = at_++;
    if (at_ == text_.size()) {
        return error("the text ends within a string");
    }
    const char c = text_[at_++];
    if (c == 'u') {
        return read_code_point(out);
    }
    const std::size_t known = kLetters.find(c);
    if (known == std::string_view::npos) {
        return error_at(start, "unknown escape in a string");
    }
    out.push_back(kMeanings[known]);
    return {};
}

// After "\u"; a pair of surrogates is one character.
Status Reader::read_code_point(std::string& out) {
    const std::size_t start = at_ - 2;
    PLUMB_TRY(first, read_hex4());
    std::uint32_t point = first;
    if (first >= 0xD800 && first < 0xDC00 && take_word("\\u")) {
        PLUMB_TRY(second, read_hex4());
        if (second >= 0xDC00 && second < 0xE000) {
            point = 0x10000 + ((first - 0xD800) << 10U) + (second - 0xDC00);
        }
    }
    if (point >= 0xD800 && point < 0xE000) {
        return error_at(start, "half of a surrogate pair");
    }
    append_utf8(out, point);
    return {};
}

Result<std::uint32_t> Reader::read_hex4() {
    std::uint32_t out = 0;
    for (int i = 0; i < 4; ++i) {
        const int digit = at_ < text_.size() ? hex_digit(text_[at_]) : -1;
        if (digit < 0) {
            return error("\\u needs four hexadecimal digits");
        }
        out = out * 16 + static_cast<std::uint32_t>(digit);
        ++at_;
    }
    return out;
}

}  // namespace

Result<Document> from_json(std::string_view text) {
    return Reader{text}.read_all();
}

}  // namespace plumb::bson
