// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"
#include "tool/capture/source_literal_internal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

namespace plumb::capture {
namespace {

constexpr int kLevelsMax = 60;

bson::Value unknown() {
    return bson::Value{"?"};
}

bool ends_expression(const Token& token) {
    if (token.kind == Token::Kind::End || token.kind == Token::Kind::Newline) {
        return true;
    }
    return token.kind == Token::Kind::Sign &&
           (token.text == "," || token.text == ")" || token.text == "]" || token.text == "}" ||
            token.text == ";");
}

bson::Value number_of(std::string_view text, bool negative) {
    std::int64_t whole = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, whole);
    if (read.ec == std::errc{} && read.ptr == end) {
        return bson::Value{negative ? -whole : whole};
    }
    return unknown();
}

// Names of constants in both languages and in PyMongo.
bson::Value named_constant(std::string_view name) {
    constexpr auto kTrue = std::to_array<std::string_view>({"True", "true"});
    constexpr auto kFalse = std::to_array<std::string_view>({"False", "false"});
    constexpr auto kNull = std::to_array<std::string_view>({"None", "null", "undefined"});
    if (std::ranges::find(kTrue, name) != kTrue.end()) {
        return bson::Value{true};
    }
    if (std::ranges::find(kFalse, name) != kFalse.end()) {
        return bson::Value{false};
    }
    if (std::ranges::find(kNull, name) != kNull.end()) {
        return bson::Value::null();
    }
    if (name == "ASCENDING") {
        return bson::Value{1};
    }
    if (name == "DESCENDING") {
        return bson::Value{-1};
    }
    return {};
}

class Reader {
  public:
    Reader(std::span<const Token> tokens, std::size_t& at, const Lookup& lookup)
        : tokens_(tokens), at_(at), lookup_(lookup) {}

    bson::Value value(int level) {
        const std::size_t begin = at_;
        bson::Value out = level > kLevelsMax ? bson::Value{} : simple(level);
        if (out.missing() || !ends_expression(tokens_[at_])) {
            // More follows, `a + b` or `x if y else z`: its value is not in the source.
            at_ = begin;
            skip_expression(tokens_, at_);
            return unknown();
        }
        return out;
    }

  private:
    bson::Value simple(int level) {
        const Token& token = tokens_[at_];
        switch (token.kind) {
            case Token::Kind::Text:
                return texts();
            case Token::Kind::Number:
                ++at_;
                return number_of(token.text, false);
            case Token::Kind::Regex:
                ++at_;
                return regex(token.text);
            case Token::Kind::Name:
                return name();
            case Token::Kind::Sign:
                return sign(level);
            default:
                return {};
        }
    }

    // Python puts strings that follow each other together.
    bson::Value texts() {
        std::string text;
        while (tokens_[at_].kind == Token::Kind::Text) {
            text += tokens_[at_].text;
            ++at_;
        }
        return bson::Value{text};
    }

    static bson::Value regex(std::string_view flags_and_pattern) {
        const std::size_t slash = flags_and_pattern.find('/');
        bson::Builder out;
        out.append_regex("",
                         {flags_and_pattern.substr(slash + 1), flags_and_pattern.substr(0, slash)});
        return bson::Value{out.finish().view().front().value};
    }

    bson::Value name() {
        // `pymongo.DESCENDING`: the last part of a dotted name counts.
        while (is_sign(tokens_[at_ + 1], ".") && tokens_[at_ + 2].kind == Token::Kind::Name) {
            at_ += 2;
        }
        const std::string& text = tokens_[at_].text;
        ++at_;
        if (bson::Value constant = named_constant(text); !constant.missing()) {
            return constant;
        }
        if ((text == "compile" || text == "RegExp" || text == "Regex") &&
            is_sign(tokens_[at_], "(") && tokens_[at_ + 1].kind == Token::Kind::Text) {
            const bool plain = is_sign(tokens_[at_ + 2], ")");
            const std::string pattern = tokens_[at_ + 1].text;
            skip_brackets();
            return regex((plain ? "/" : "i/") + pattern);
        }
        if (!ends_expression(tokens_[at_])) {
            return {};
        }
        return lookup_ ? lookup_(text) : bson::Value{};
    }

    void skip_brackets() {
        int depth = 0;
        do {
            const Token& token = tokens_[at_];
            if (token.kind == Token::Kind::End) {
                return;
            }
            depth += is_sign(token, "(") || is_sign(token, "[") || is_sign(token, "{") ? 1 : 0;
            depth -= is_sign(token, ")") || is_sign(token, "]") || is_sign(token, "}") ? 1 : 0;
            ++at_;
        } while (depth > 0);
    }

    bson::Value sign(int level) {
        const Token& token = tokens_[at_];
        if (token.text == "{") {
            return document(level);
        }
        if (token.text == "[" || token.text == "(") {
            return array(token.text == "[" ? "]" : ")", level);
        }
        if (token.text == "-" && tokens_[at_ + 1].kind == Token::Kind::Number) {
            at_ += 2;
            return number_of(tokens_[at_ - 1].text, true);
        }
        return {};
    }

    bson::Value document(int level) {
        ++at_;
        bson::Builder out;
        std::set<std::string> names;
        while (!is_sign(tokens_[at_], "}")) {
            if (tokens_[at_].kind == Token::Kind::End) {
                return {};
            }
            field(level, names, out);
            if (is_sign(tokens_[at_], ",")) {
                ++at_;
            } else if (!is_sign(tokens_[at_], "}")) {
                return {};
            }
        }
        ++at_;
        return {bson::Type::Document, std::string{out.finish().view().raw()}};
    }

    void field(int level, std::set<std::string>& names, bson::Builder& out) {
        const Token& token = tokens_[at_];
        if (is_sign(token, "...") || is_sign(token, "**")) {
            ++at_;
            const bson::Value spread = value(level + 1);
            if (spread.type() == bson::Type::Document) {
                for (const bson::Element& one : spread.view().as_document()) {
                    if (names.insert(std::string{one.name}).second) {
                        out.append(one.name, one.value);
                    }
                }
            }
            return;
        }
        const bool is_key = token.kind == Token::Kind::Text || token.kind == Token::Kind::Name;
        if (!is_key) {
            skip_expression(tokens_, at_);  // a computed name
            return;
        }
        const std::string name = token.text;
        ++at_;
        bson::Value held = unknown();  // JavaScript's {userId}
        if (is_sign(tokens_[at_], ":")) {
            ++at_;
            held = value(level + 1);
        } else if (!is_sign(tokens_[at_], ",") && !is_sign(tokens_[at_], "}")) {
            skip_expression(tokens_, at_);
        }
        if (names.insert(name).second) {
            out.append(name, held);
        }
    }

    bson::Value array(std::string_view closing, int level) {
        ++at_;
        bson::Builder out;
        int elements = 0;
        while (!is_sign(tokens_[at_], closing)) {
            if (tokens_[at_].kind == Token::Kind::End) {
                return {};
            }
            out.push(value(level + 1));
            ++elements;
            if (is_sign(tokens_[at_], ",")) {
                ++at_;
            } else if (!is_sign(tokens_[at_], closing)) {
                return {};
            }
        }
        ++at_;
        bson::Value made = out.finish_array();
        // One expression in round brackets is that expression.
        if (closing == ")" && elements == 1 && !is_sign(tokens_[at_ - 2], ",")) {
            return bson::Value{made.view().as_container().front().value};
        }
        return made;
    }

    std::span<const Token> tokens_;
    std::size_t& at_;
    const Lookup& lookup_;
};

}  // namespace

bson::Value read_literal(std::span<const Token> tokens, std::size_t& at, const Lookup& lookup) {
    return Reader{tokens, at, lookup}.value(0);
}

void skip_expression(std::span<const Token> tokens, std::size_t& at) {
    int depth = 0;
    while (tokens[at].kind != Token::Kind::End) {
        const Token& token = tokens[at];
        if (depth == 0 && ends_expression(token)) {
            return;
        }
        if (token.kind == Token::Kind::Sign) {
            depth += token.text == "(" || token.text == "[" || token.text == "{" ? 1 : 0;
            depth -= token.text == ")" || token.text == "]" || token.text == "}" ? 1 : 0;
        }
        ++at;
    }
}

}  // namespace plumb::capture
