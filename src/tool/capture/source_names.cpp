// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"
#include "tool/capture/source_literal_internal.h"
#include "tool/capture/source_names_internal.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace plumb::capture {
namespace {

bool is_name(const Token& token) {
    return token.kind == Token::Kind::Name;
}

bool is_dot(const Token& token) {
    return is_sign(token, ".") || is_sign(token, "?.");
}

// `db`, `self.database`, `mongo_db`: what has collections as its attributes.
bool names_database(std::string_view name) {
    std::string lower{name};
    std::ranges::transform(lower, lower.begin(), [](char c) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    return lower == "db" || lower.ends_with("_db") || lower.starts_with("db_") ||
           lower.ends_with("database") || lower.find("mongo") != std::string::npos;
}

bool names_client(std::string_view name) {
    return name.find("client") != std::string_view::npos ||
           name.find("Client") != std::string_view::npos;
}

bool gives_collection(std::string_view method) {
    return method == "collection" || method == "get_collection" || method == "getCollection";
}

// mongoose's rule for the collection of a model: lower case, plural.
std::string plural(std::string_view model) {
    std::string out;
    for (const char c : model) {
        out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    const auto ends = [&](std::string_view with) { return out.ends_with(with); };
    if (ends("y") && out.size() > 1 &&
        std::string_view{"aeiou"}.find(out[out.size() - 2]) == std::string_view::npos) {
        out.pop_back();
        return out + "ies";
    }
    return out + (ends("s") || ends("x") || ends("ch") || ends("sh") ? "es" : "s");
}

}  // namespace

const Token& SourceNames::token(std::size_t at) const {
    return tokens_[std::min(at, tokens_.size() - 1)];
}

void SourceNames::learn(std::size_t at) {
    if (!is_name(token(at))) {
        return;
    }
    if (language_ == Language::Python && token(at).text == "def") {
        variables_.clear();  // the names of one function mean nothing in the next
        return;
    }
    learn_assignment(at);
    learn_field(at);
}

void SourceNames::learn_assignment(std::size_t at) {
    if (!is_sign(token(at + 1), "=")) {
        return;
    }
    const std::string& name = token(at).text;
    std::size_t value = at + 2;
    if (const auto model = model_at(value)) {
        collections_[name] = *model;
        return;
    }
    if (is_sign(token(value), "{") || is_sign(token(value), "[")) {
        bson::Value literal = read_literal(
            tokens_, value, [this](std::string_view other) { return document(other, false); });
        variables_.insert_or_assign(name, Variable{literal, literal});
        return;
    }
    std::size_t end = value;
    skip_expression(tokens_, end);
    if (const auto collection = end > value ? collection_before(end) : std::nullopt) {
        collections_[name] = *collection;
    }
}

// `mongoose.model("Order", schema, "orders")`, `model<IOrder>("Order", schema)`
std::optional<std::string> SourceNames::model_at(std::size_t at) const {
    if (language_ != Language::JavaScript) {
        return std::nullopt;
    }
    while (is_name(token(at)) && is_dot(token(at + 1))) {
        at += 2;
    }
    if (!is_name(token(at)) || token(at).text != "model") {
        return std::nullopt;
    }
    ++at;
    if (is_sign(token(at), "<")) {
        while (at < tokens_.size() && !is_sign(token(at), ">")) {
            ++at;
        }
        ++at;
    }
    if (!is_sign(token(at), "(") || token(at + 1).kind != Token::Kind::Text) {
        return std::nullopt;
    }
    const std::string model = token(at + 1).text;
    ++at;
    for (int argument = 0; argument < 3; ++argument) {
        if (argument == 2 && token(at).kind == Token::Kind::Text) {
            return token(at).text;
        }
        skip_expression(tokens_, at);
        if (!is_sign(token(at), ",")) {
            break;
        }
        ++at;
    }
    return plural(model);
}

void SourceNames::learn_field(std::size_t at) {
    const std::string& name = token(at).text;
    if (!variables_.contains(name)) {
        return;
    }
    const bool by_index = is_sign(token(at + 1), "[") && token(at + 2).kind == Token::Kind::Text &&
                          is_sign(token(at + 3), "]") && is_sign(token(at + 4), "=");
    const bool by_dot = is_dot(token(at + 1)) && is_name(token(at + 2)) &&
                        is_sign(token(at + 3), "=") && language_ == Language::JavaScript;
    const auto known = [this](std::string_view other) { return document(other, true); };
    if (by_index || by_dot) {
        std::size_t value = at + (by_index ? 5 : 4);
        bson::Builder fields;
        fields.append(token(at + 2).text, read_literal(tokens_, value, known));
        add_fields(name, fields.finish());
        return;
    }
    if (is_dot(token(at + 1)) && token(at + 2).text == "update" && is_sign(token(at + 3), "(")) {
        std::size_t value = at + 4;
        const bson::Value more = read_literal(tokens_, value, known);
        if (more.type() == bson::Type::Document) {
            add_fields(name, more.view().as_document());
        }
    }
}

void SourceNames::add_fields(const std::string& name, bson::View fields) {
    Variable& variable = variables_.find(name)->second;
    if (variable.full.type() != bson::Type::Document) {
        return;
    }
    const bson::View before = variable.full.view().as_document();
    bson::Builder out;
    for (const bson::Element& field : before) {
        if (!fields.has(field.name)) {
            out.append(field.name, field.value);
        }
    }
    out.append_all(fields);
    variable.full = {bson::Type::Document, std::string{out.finish().view().raw()}};
}

// `collection("orders")`, ending with the bracket tokens[closing].
std::optional<std::string> SourceNames::called_collection(std::size_t closing) const {
    if (closing < 3 || token(closing - 1).kind != Token::Kind::Text ||
        !is_sign(token(closing - 2), "(") || !is_name(token(closing - 3))) {
        return std::nullopt;
    }
    const std::string& method = token(closing - 3).text;
    if (gives_collection(method)) {
        return token(closing - 1).text;
    }
    return method == "model" ? std::optional{plural(token(closing - 1).text)} : std::nullopt;
}

std::optional<std::string> SourceNames::collection_before(std::size_t at) const {
    if (at == 0) {
        return std::nullopt;
    }
    const std::size_t last = at - 1;
    if (is_sign(token(last), ")")) {
        return called_collection(last);
    }
    if (is_sign(token(last), "]") && last >= 3 && token(last - 1).kind == Token::Kind::Text &&
        is_sign(token(last - 2), "[") && is_name(token(last - 3)) &&
        names_database(token(last - 3).text)) {
        return token(last - 1).text;
    }
    if (!is_name(token(last))) {
        return std::nullopt;
    }
    const bool is_member = last >= 2 && is_dot(token(last - 1)) && is_name(token(last - 2));
    if (is_member && names_database(token(last - 2).text)) {
        return token(last).text;
    }
    if (is_member && last >= 4 && is_dot(token(last - 3)) && names_client(token(last - 4).text)) {
        return token(last).text;  // client.shop.orders
    }
    const bool is_own =
        is_member && (token(last - 2).text == "self" || token(last - 2).text == "this");
    if (!is_member || is_own) {
        if (const auto known = collections_.find(token(last).text); known != collections_.end()) {
            return known->second;
        }
    }
    return std::nullopt;
}

bool SourceNames::is_computed_collection(std::size_t at) const {
    if (at < 2) {
        return false;
    }
    if (is_sign(token(at - 1), "]")) {
        return at >= 4 && is_sign(token(at - 3), "[") && names_database(token(at - 4).text);
    }
    return is_name(token(at - 1)) && token(at - 1).text.find("collection") != std::string::npos;
}

bson::Value SourceNames::document(std::string_view name, bool full) const {
    const auto found = variables_.find(name);
    if (found == variables_.end()) {
        return {};
    }
    return full ? found->second.full : found->second.first;
}

}  // namespace plumb::capture
