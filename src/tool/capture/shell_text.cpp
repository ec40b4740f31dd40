// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/limits.h"
#include "bson/builder.h"
#include "tool/capture/shell_text_internal.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <string>

namespace plumb::capture {
namespace {

constexpr int kLevelsMax = 200;

class Parser {
  public:
    explicit Parser(std::string_view text) : text_(text) {}

    Result<bson::Document> run() {
        skip_spaces();
        if (!take('{')) {
            return broken("expected {");
        }
        PLUMB_CHECK(fields(1));
        skip_spaces();
        if (at_ != text_.size()) {
            return broken("something follows the document");
        }
        return out_.finish();
    }

  private:
    // The fields of an open document, up to and with its brace.
    Status fields(int level) {
        if (level > kLevelsMax) {
            return broken("too many levels");
        }
        skip_spaces();
        while (!take('}')) {
            PLUMB_TRY(name, field_name());
            PLUMB_CHECK(value(name, level));
            PLUMB_CHECK(separator('}'));
        }
        return {};
    }

    Status elements(int level) {
        if (level > kLevelsMax) {
            return broken("too many levels");
        }
        skip_spaces();
        for (int index = 0; !take(']'); ++index) {
            PLUMB_CHECK(value(std::to_string(index), level));
            PLUMB_CHECK(separator(']'));
        }
        return {};
    }

    Status separator(char closing) {
        skip_spaces();
        if (take(',')) {
            skip_spaces();
            return {};
        }
        if (at_ < text_.size() && text_[at_] == closing) {
            return {};
        }
        return broken("expected , or the end");
    }

    Result<std::string> field_name() {
        if (at_ < text_.size() && text_[at_] == '"') {
            PLUMB_TRY(name, quoted());
            if (!take(':')) {
                return broken("expected :");
            }
            return name;
        }
        const std::size_t colon = text_.find(": ", at_);
        if (colon == std::string_view::npos) {
            return broken("expected a name");
        }
        std::string name{text_.substr(at_, colon - at_)};
        if (name.find_first_of("{}[]\",") != std::string::npos) {
            return broken("expected a name");
        }
        at_ = colon + 1;
        return name;
    }

    Status value(const std::string& name, int level) {
        skip_spaces();
        if (at_ >= text_.size()) {
            return broken("the text ends");
        }
        switch (text_[at_]) {
            case '{':
                ++at_;
                out_.begin_document(name);
                PLUMB_CHECK(fields(level + 1));
                out_.end();
                return {};
            case '[':
                ++at_;
                out_.begin_array(name);
                PLUMB_CHECK(elements(level + 1));
                out_.end();
                return {};
            case '"': {
                PLUMB_TRY(text, quoted());
                out_.append(name, text);
                return {};
            }
            case '/':
                return regex(name);
            default:
                return word(name);
        }
    }

    Result<std::string> quoted() {
        const char quote = text_[at_++];
        std::string out;
        while (at_ < text_.size() && text_[at_] != quote) {
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
                ++at_;
                out += unescaped(text_[at_]);
            } else {
                out += text_[at_];
            }
            ++at_;
        }
        if (at_ >= text_.size()) {
            return broken("a string does not end");
        }
        ++at_;
        return out;
    }

    static char unescaped(char c) {
        switch (c) {
            case 'n':
                return '\n';
            case 't':
                return '\t';
            case 'r':
                return '\r';
            default:
                return c;
        }
    }

    Status regex(const std::string& name) {
        const std::size_t begin = ++at_;
        while (at_ < text_.size() && text_[at_] != '/') {
            at_ += text_[at_] == '\\' ? 2U : 1U;
        }
        if (at_ >= text_.size()) {
            return broken("a regular expression does not end");
        }
        const std::string_view pattern = text_.substr(begin, at_ - begin);
        const std::size_t options = ++at_;
        while (at_ < text_.size() && text_[at_] >= 'a' && text_[at_] <= 'z') {
            ++at_;
        }
        out_.append_regex(name, {pattern, text_.substr(options, at_ - options)});
        return {};
    }

    Status word(const std::string& name) {
        const std::size_t begin = at_;
        while (at_ < text_.size() &&
               std::string_view{",}]( "}.find(text_[at_]) == std::string_view::npos) {
            ++at_;
        }
        std::string_view text = text_.substr(begin, at_ - begin);
        if (text == "new") {
            ++at_;
            return word(name);
        }
        if (at_ < text_.size() && text_[at_] == '(') {
            return call(name, text);
        }
        if (text == "true" || text == "false") {
            out_.append(name, text == "true");
            return {};
        }
        if (text == "null" || text == "undefined") {
            out_.append_null(name);
            return {};
        }
        if (text == "MinKey" || text == "MaxKey") {
            out_.append(name, text == "MinKey" ? bson::Value::min_key() : bson::Value::max_key());
            return {};
        }
        return number(name, text);
    }

    Status number(const std::string& name, std::string_view text) {
        std::int64_t whole = 0;
        const char* const end = text.data() + text.size();
        if (const auto read = std::from_chars(text.data(), end, whole);
            read.ec == std::errc{} && read.ptr == end) {
            out_.append(name, whole);
            return {};
        }
        double fraction = 0;
        if (const auto read = std::from_chars(text.data(), end, fraction);
            read.ec == std::errc{} && read.ptr == end) {
            out_.append(name, fraction);
            return {};
        }
        return broken(fmt::format("{} is no value", text));
    }

    // ObjectId('…'), UUID("…"), BinData(0, …), Timestamp(1, 2), Date(7): values whose type alone
    // matters here.
    Status call(const std::string& name, std::string_view function) {
        const std::size_t close = text_.find(')', at_);
        if (close == std::string_view::npos) {
            return broken("expected )");
        }
        const std::string_view argument = text_.substr(at_ + 1, close - at_ - 1);
        at_ = close + 1;
        if (function == "Date") {
            std::int64_t ms = 0;
            std::from_chars(argument.data(), argument.data() + argument.size(), ms);
            out_.append(name, bson::Date{ms});
        } else {
            out_.append(name, argument);
        }
        return {};
    }

    void skip_spaces() {
        while (at_ < text_.size() && text_[at_] == ' ') {
            ++at_;
        }
    }

    bool take(char c) {
        if (at_ < text_.size() && text_[at_] == c) {
            ++at_;
            return true;
        }
        return false;
    }

    Error broken(std::string_view problem) const {
        return fail(ErrorCode::FailedToParse, fmt::format("{} at {}", problem, at_));
    }

    std::string_view text_;
    std::size_t at_ = 0;
    bson::Builder out_;
};

}  // namespace

Result<bson::Document> parse_shell_text(std::string_view text) {
    return Parser{text}.run();
}

}  // namespace plumb::capture
