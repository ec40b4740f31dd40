// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/capture/source_tokens_internal.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace plumb::capture {
namespace {

bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
           static_cast<unsigned char>(c) >= 128;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_name_part(char c) {
    return is_name_start(c) || is_digit(c);
}

class Tokenizer {
  public:
    Tokenizer(std::string_view source, Language language) : source_(source), language_(language) {}

    std::vector<Token> run() {
        while (at_ < source_.size()) {
            step();
        }
        add(Token::Kind::Newline, {});
        add(Token::Kind::End, {});
        return std::move(out_);
    }

  private:
    void step() {
        const char c = source_[at_];
        if (c == '\n') {
            if (language_ == Language::Python && depth_ == 0) {
                add(Token::Kind::Newline, {});
            }
            ++line_;
            ++at_;
        } else if (c == ' ' || c == '\t' || c == '\r' || c == '\\') {
            at_ += c == '\\' && peek(1) == '\n' ? 2U : 1U;
            line_ += c == '\\' ? 1 : 0;
        } else if (starts_comment()) {
            skip_comment();
        } else if (const auto prefix = string_prefix()) {
            string(*prefix);
        } else if (is_name_start(c)) {
            name();
        } else if (is_digit(c)) {
            number();
        } else if (language_ == Language::JavaScript && c == '/' && regex_may_stand_here()) {
            regex();
        } else {
            sign();
        }
    }

    char peek(std::size_t ahead) const {
        return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
    }

    bool starts_comment() const {
        if (language_ == Language::Python) {
            return source_[at_] == '#';
        }
        return source_[at_] == '/' && (peek(1) == '/' || peek(1) == '*');
    }

    void skip_comment() {
        const bool block = language_ == Language::JavaScript && peek(1) == '*';
        const std::size_t end = block ? source_.find("*/", at_ + 2) : source_.find('\n', at_);
        const std::size_t stop = std::min(end, source_.size());
        line_ += static_cast<int>(std::count(source_.begin() + static_cast<std::ptrdiff_t>(at_),
                                             source_.begin() + static_cast<std::ptrdiff_t>(stop),
                                             '\n'));
        at_ = block && end != std::string_view::npos ? end + 2 : stop;
    }

    // How many letters stand before the quote of a string that begins here.
    std::optional<std::size_t> string_prefix() const {
        std::size_t letters = 0;
        if (language_ == Language::Python) {
            while (letters < 2 &&
                   std::string_view{"rRbBfFuU"}.find(peek(letters)) != std::string_view::npos &&
                   peek(letters) != '\0') {
                ++letters;
            }
        }
        const char quote = peek(letters);
        const bool is_string =
            quote == '"' || quote == '\'' || (quote == '`' && language_ == Language::JavaScript);
        return is_string ? std::optional{letters} : std::nullopt;
    }

    void string(std::size_t prefix) {
        const std::string_view letters = source_.substr(at_, prefix);
        const bool raw = letters.find_first_of("rR") != std::string_view::npos;
        const bool formatted = letters.find_first_of("fF") != std::string_view::npos;
        at_ += prefix;
        const char quote = source_[at_];
        const std::string triple(3, quote);
        const bool long_form =
            language_ == Language::Python && source_.substr(at_).starts_with(triple);
        const std::string_view end = long_form ? std::string_view{triple} : source_.substr(at_, 1);
        const int line = line_;
        at_ += end.size();
        std::string text;
        bool computed = false;
        while (at_ < source_.size() && !source_.substr(at_).starts_with(end)) {
            const char c = source_[at_];
            computed = computed || (formatted && c == '{') || (quote == '`' && c == '$');
            line_ += c == '\n' ? 1 : 0;
            if (c == '\\' && !raw && at_ + 1 < source_.size()) {
                ++at_;
                text += source_[at_] == 'n' ? '\n' : source_[at_];
            } else {
                text += c;
            }
            ++at_;
        }
        at_ = std::min(at_ + end.size(), source_.size());
        out_.push_back(
            {computed ? Token::Kind::Computed : Token::Kind::Text, std::move(text), line});
    }

    void name() {
        const std::size_t begin = at_;
        while (at_ < source_.size() && is_name_part(source_[at_])) {
            ++at_;
        }
        add(Token::Kind::Name, source_.substr(begin, at_ - begin));
    }

    void number() {
        const std::size_t begin = at_;
        while (at_ < source_.size() && (is_name_part(source_[at_]) || source_[at_] == '.')) {
            ++at_;
        }
        add(Token::Kind::Number, source_.substr(begin, at_ - begin));
    }

    // After a value a slash divides; after anything else it begins a pattern.
    bool regex_may_stand_here() const {
        if (out_.empty()) {
            return true;
        }
        const Token& last = out_.back();
        return last.kind == Token::Kind::Sign && last.text != ")" && last.text != "]" &&
               last.text != "}";
    }

    void regex() {
        const std::size_t begin = ++at_;
        bool in_class = false;
        while (at_ < source_.size() && source_[at_] != '\n' && (in_class || source_[at_] != '/')) {
            in_class = source_[at_] == '[' || (in_class && source_[at_] != ']');
            at_ += source_[at_] == '\\' ? 2U : 1U;
        }
        const std::size_t end = std::min(at_, source_.size());
        const std::string_view pattern = source_.substr(begin, end - begin);
        at_ = std::min(at_ + 1, source_.size());
        const std::size_t flags = at_;
        while (at_ < source_.size() && is_name_part(source_[at_])) {
            ++at_;
        }
        // The flags come first, so that one token holds both.
        out_.push_back(
            {Token::Kind::Regex,
             std::string{source_.substr(flags, at_ - flags)} + '/' + std::string{pattern},
             line_});
    }

    void sign() {
        constexpr auto kLong =
            std::to_array<std::string_view>({"...", "**", "=>", "?.", "==", "!=", "<=", ">="});
        for (const std::string_view sign : kLong) {
            if (source_.substr(at_).starts_with(sign)) {
                add(Token::Kind::Sign, sign);
                at_ += sign.size();
                return;
            }
        }
        const char c = source_[at_];
        depth_ += c == '(' || c == '[' || c == '{' ? 1 : 0;
        depth_ -= (c == ')' || c == ']' || c == '}') && depth_ > 0 ? 1 : 0;
        add(Token::Kind::Sign, source_.substr(at_, 1));
        ++at_;
    }

    void add(Token::Kind kind, std::string_view text) {
        out_.push_back({kind, std::string{text}, line_});
    }

    std::string_view source_;
    Language language_;
    std::size_t at_ = 0;
    int line_ = 1;
    int depth_ = 0;
    std::vector<Token> out_;
};

}  // namespace

std::vector<Token> tokenize(std::string_view source, Language language) {
    return Tokenizer{source, language}.run();
}

}  // namespace plumb::capture
