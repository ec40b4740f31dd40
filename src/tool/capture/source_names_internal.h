// SPDX-License-Identifier: GPL-3.0-or-later
// What the names in a source file stand for: collections, and documents that are built in it.
//
// Threads  one thread.
#pragma once

#include "bson/value.h"
#include "tool/capture/source_tokens_internal.h"

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace plumb::capture {

// A document that a variable was given, and the same with all that may be added to it later.
struct Variable {
    bson::Value first;
    bson::Value full;
};

class SourceNames {
  public:
    SourceNames(std::span<const Token> tokens, Language language)
        : tokens_(tokens), language_(language) {}

    // Learns from the statement that may begin at tokens[at]: `orders = db["orders"]`,
    // `query = {…}`, `query["status"] = x`, `query.update({…})`.
    void learn(std::size_t at);

    // The collection that the expression ending before tokens[at] (a method's dot) is. Nothing if
    // it is none that is known.
    [[nodiscard]] std::optional<std::string> collection_before(std::size_t at) const;

    // True if that expression looks like a collection whose name is computed.
    [[nodiscard]] bool is_computed_collection(std::size_t at) const;

    [[nodiscard]] bson::Value document(std::string_view name, bool full) const;

  private:
    void learn_assignment(std::size_t at);
    void learn_field(std::size_t at);
    void add_fields(const std::string& name, bson::View fields);
    [[nodiscard]] std::optional<std::string> called_collection(std::size_t closing) const;
    [[nodiscard]] std::optional<std::string> model_at(std::size_t at) const;
    [[nodiscard]] const Token& token(std::size_t at) const;

    std::span<const Token> tokens_;
    Language language_;
    std::map<std::string, std::string, std::less<>> collections_;  // by variable
    std::map<std::string, Variable, std::less<>> variables_;
};

}  // namespace plumb::capture
