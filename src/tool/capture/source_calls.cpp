// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/capture/source_calls_internal.h"
#include "tool/capture/source_literal_internal.h"
#include "tool/capture/source_methods_internal.h"
#include "tool/capture/source_names_internal.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>

namespace plumb::capture {
namespace {

bool is_dot(const Token& token) {
    return is_sign(token, ".") || is_sign(token, "?.");
}

// Methods of a cursor or query that change what is asked, and the argument that each is.
struct Chained {
    std::string_view name;
    std::string_view argument;
};
constexpr auto kChained = std::to_array<Chained>({
    {"limit", "limit"},
    {"project", "projection"},
    {"projection", "projection"},
    {"select", "projection"},
    {"sort", "sort"},
});
static_assert(std::ranges::is_sorted(kChained, {}, &Chained::name));

// Classes that PyMongo's bulk_write takes, and the methods they stand for.
constexpr auto kBulk = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"DeleteMany", "delete_many"},
    {"DeleteOne", "delete_one"},
    {"InsertOne", "insert_one"},
    {"ReplaceOne", "replace_one"},
    {"UpdateMany", "update_many"},
    {"UpdateOne", "update_one"},
});

// Keys of an options object, JavaScript's way to give what Python gives by name.
bool is_option(std::string_view name) {
    constexpr auto kNames = std::to_array<std::string_view>({"arrayFilters",
                                                             "batchSize",
                                                             "collation",
                                                             "hint",
                                                             "limit",
                                                             "maxTimeMS",
                                                             "new",
                                                             "projection",
                                                             "returnDocument",
                                                             "returnOriginal",
                                                             "session",
                                                             "skip",
                                                             "sort",
                                                             "upsert"});
    return std::ranges::binary_search(kNames, name);
}

class CallFinder {
  public:
    CallFinder(std::span<const Token> tokens, Language language)
        : tokens_(tokens), language_(language), names_(tokens, language) {}

    std::vector<SourceCall> run() {
        for (std::size_t at = 0; at + 1 < tokens_.size(); ++at) {
            names_.learn(at);
            if (language_ == Language::Python && tokens_[at].text == "def") {
                cursors_.clear();  // the names of one function mean nothing in the next
            }
            if (const auto cursor = cursors_.find(tokens_[at].text);
                cursor != cursors_.end() && tokens_[at].kind == Token::Kind::Name &&
                is_dot(tokens_[at + 1])) {
                chain_later(at + 1, cursor->second);
            }
            if (at < 2 || tokens_[at].kind != Token::Kind::Name || !is_dot(tokens_[at - 1]) ||
                !is_sign(tokens_[at + 1], "(")) {
                continue;
            }
            const std::string& name = tokens_[at].text;
            if (name == "bulk_write" || name == "bulkWrite") {
                bulk(at);
            } else if (const Method* method = find_method(name)) {
                call(at, *method);
            }
        }
        return std::move(out_);
    }

  private:
    void call(std::size_t at, const Method& method) {
        const auto collection = names_.collection_before(at - 1);
        if (!collection) {
            if (!method.is_common || names_.is_computed_collection(at - 1)) {
                out_.push_back({tokens_[at].line, {}});
            }
            return;
        }
        if (takes_function(at + 1)) {
            return;
        }
        Cursor made{
            out_.size(), &method, *collection, {arguments(at + 1, false), arguments(at + 1, true)}};
        out_.push_back({tokens_[at].line, {}});
        write_commands(made);
        if (method.kind == MethodKind::Find) {
            if (const std::string* name = assigned_name(at)) {
                cursors_.insert_or_assign(*name, std::move(made));
            }
        }
    }

    // A call whose cursor has a name, so that more may be chained to it further down.
    struct Cursor {
        std::size_t call = 0;  // in out_
        const Method* method = nullptr;
        std::string collection;
        std::array<CallArguments, 2> arguments;  // as made first, and with all that may be added
    };

    void write_commands(const Cursor& cursor) {
        std::vector<bson::Document>& commands = out_[cursor.call].commands;
        commands.clear();
        for (const CallArguments& each : cursor.arguments) {
            bson::Document command = command_of(*cursor.method, cursor.collection, each);
            const bool is_new = std::ranges::none_of(commands, [&](const bson::Document& other) {
                return other.view().raw() == command.view().raw();
            });
            if (is_new) {
                commands.push_back(std::move(command));
            }
        }
    }

    void chain_later(std::size_t dot, Cursor& cursor) {
        chain(dot, false, cursor.arguments[0]);
        chain(dot, true, cursor.arguments[1]);
        write_commands(cursor);
    }

    // The name that the statement around tokens[at] gives a value; null if it gives none.
    const std::string* assigned_name(std::size_t at) const {
        for (; at > 0; --at) {
            const Token& token = tokens_[at];
            if (token.kind == Token::Kind::Newline || is_sign(token, ";") || is_sign(token, "=>") ||
                token.text == "return") {
                return nullptr;
            }
            if (is_sign(token, "=") && tokens_[at - 1].kind == Token::Kind::Name) {
                // A keyword argument stands behind a bracket or a comma.
                const bool is_argument =
                    at > 1 && (is_sign(tokens_[at - 2], "(") || is_sign(tokens_[at - 2], ","));
                return is_argument ? nullptr : &tokens_[at - 1].text;
            }
        }
        return nullptr;
    }

    // An array's find(x => …) is no query.
    bool takes_function(std::size_t open) const {
        std::size_t end = open + 1;
        skip_expression(tokens_, end);
        return std::any_of(tokens_.begin() + static_cast<std::ptrdiff_t>(open),
                           tokens_.begin() + static_cast<std::ptrdiff_t>(end),
                           [](const Token& token) {
                               return is_sign(token, "=>") || token.text == "lambda" ||
                                      token.text == "function";
                           });
    }

    // The arguments behind tokens[open], a bracket, and of the methods chained to the call.
    CallArguments arguments(std::size_t open, bool full) const {
        CallArguments out;
        std::size_t at = open + 1;
        read_arguments(at, full, out);
        take_options(out);
        chain(at, full, out);
        return out;
    }

    // Adds what the methods from tokens[at], a dot, on are given.
    void chain(std::size_t at, bool full, CallArguments& out) const {
        while (is_dot(tokens_[at]) && is_sign(tokens_[std::min(at + 2, tokens_.size() - 1)], "(")) {
            const auto chained =
                std::ranges::lower_bound(kChained, tokens_[at + 1].text, {}, &Chained::name);
            const bool known = chained != kChained.end() && chained->name == tokens_[at + 1].text;
            at += 3;
            CallArguments more;
            read_arguments(at, full, more);
            if (known && !more.positional.empty()) {
                out.named.insert_or_assign(std::string{chained->argument}, more.positional[0]);
                if (chained->name == "sort" && more.positional.size() > 1) {
                    out.named.insert_or_assign("direction", more.positional[1]);
                }
            }
        }
    }

    // Up to and past the closing bracket.
    void read_arguments(std::size_t& at, bool full, CallArguments& out) const {
        const Lookup lookup = [&](std::string_view name) { return names_.document(name, full); };
        while (tokens_[at].kind != Token::Kind::End && !is_sign(tokens_[at], ")")) {
            if (tokens_[at].kind == Token::Kind::Name && is_sign(tokens_[at + 1], "=")) {
                const std::string name = tokens_[at].text;
                at += 2;
                out.named.insert_or_assign(name, read_literal(tokens_, at, lookup));
            } else {
                out.positional.push_back(read_literal(tokens_, at, lookup));
            }
            if (is_sign(tokens_[at], ",")) {
                ++at;
            } else if (!is_sign(tokens_[at], ")")) {
                skip_to_closing(at);
            }
        }
        at += tokens_[at].kind == Token::Kind::End ? 0U : 1U;
    }

    void skip_to_closing(std::size_t& at) const {
        while (tokens_[at].kind != Token::Kind::End && !is_sign(tokens_[at], ")")) {
            ++at;
            skip_expression(tokens_, at);
        }
    }

    void take_options(CallArguments& arguments) const {
        if (language_ != Language::JavaScript || arguments.positional.size() < 2 ||
            arguments.positional.back().type() != bson::Type::Document) {
            return;
        }
        const bson::Value last = arguments.positional.back();
        const bson::View options = last.view().as_document();
        const bool all_options =
            !options.empty() && std::ranges::all_of(options, [](const bson::Element& field) {
                return is_option(field.name);
            });
        if (!all_options) {
            return;
        }
        arguments.positional.pop_back();
        for (const bson::Element& field : options) {
            arguments.named.insert_or_assign(std::string{field.name}, bson::Value{field.value});
        }
    }

    void bulk(std::size_t at) {
        const auto collection = names_.collection_before(at - 1);
        SourceCall found{tokens_[at].line, {}};
        if (collection && language_ == Language::Python) {
            python_bulk(at + 1, *collection, found);
        } else if (collection) {
            javascript_bulk(at + 1, *collection, found);
        }
        out_.push_back(std::move(found));
    }

    void python_bulk(std::size_t at, const std::string& collection, SourceCall& found) const {
        std::size_t end = at;
        skip_expression(tokens_, end);
        for (; at < end; ++at) {
            const auto row = std::ranges::find(
                kBulk, tokens_[at].text, [](const auto& pair) { return pair.first; });
            if (row != kBulk.end() && is_sign(tokens_[at + 1], "(")) {
                found.commands.push_back(
                    command_of(*find_method(row->second), collection, arguments(at + 1, true)));
            }
        }
    }

    // [{updateOne: {filter: …, update: …}}, …]
    void javascript_bulk(std::size_t open, const std::string& collection, SourceCall& found) const {
        const CallArguments all = arguments(open, true);
        if (all.positional.empty() || all.positional[0].type() != bson::Type::Array) {
            return;
        }
        for (const bson::Element& entry : all.positional[0].view().as_container()) {
            if (entry.value.type() != bson::Type::Document || entry.value.as_document().empty()) {
                continue;
            }
            const bson::Element operation = entry.value.as_document().front();
            const Method* method = find_method(operation.name);
            if (method == nullptr || operation.value.type() != bson::Type::Document) {
                continue;
            }
            CallArguments one;
            for (const bson::Element& field : operation.value.as_document()) {
                one.named.insert_or_assign(std::string{field.name}, bson::Value{field.value});
            }
            found.commands.push_back(command_of(*method, collection, one));
        }
    }

    std::span<const Token> tokens_;
    Language language_;
    SourceNames names_;
    std::vector<SourceCall> out_;
    std::map<std::string, Cursor, std::less<>> cursors_;  // by the variable's name
};

}  // namespace

std::vector<SourceCall> find_calls(std::span<const Token> tokens, Language language) {
    return CallFinder{tokens, language}.run();
}

}  // namespace plumb::capture
