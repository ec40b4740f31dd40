// SPDX-License-Identifier: GPL-3.0-or-later
// YAML as a tree that knows where each of its parts stood, so that every complaint about a project
// file can say file, line and column.
//
//   PLUMB_TRY(root, load_yaml_file("workload.yaml"));
//   PLUMB_TRY(queries, root.at("queries"));              // an error with the position if missing
//   PLUMB_CHECK(root.only_keys({"queries", "about"}));   // an unknown key is an error
//   PLUMB_TRY(filter, queries.items()[0].at("filter"));
//   PLUMB_TRY(document, filter.as_bson_document());
//
// Format   YAML 1.2 core schema: only true/false are booleans (`on`, `yes`, `no` are strings), a
//          plain date such as 2026-01-27 is a string. Maps with one key that extended JSON knows
//          (`{$date: …}`, `{$oid: …}`, `{$numberLong: …}`) become that value.
// Threads  a value type; const functions may run at once.
#pragma once

#include "base/result.h"
#include "bson/document.h"

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plumb::project {

// Where something stands in a file; lines and columns count from 1.
struct Position {
    std::shared_ptr<const std::string> file;  // one name shared by all nodes of the file
    int line = 0;
    int column = 0;

    // "strategy.yaml:12:5"
    [[nodiscard]] std::string to_string() const;
};

// ProjectFileInvalid with "file:line:column: message" and details {file, line, column}.
[[nodiscard]] Error fail_at(const Position& position, std::string_view message);

class YamlNode {
  public:
    enum class Kind : std::uint8_t { Null, Scalar, Sequence, Map };
    using Member = std::pair<YamlNode, YamlNode>;  // the key (a scalar) and its value

    YamlNode() = default;
    YamlNode(Kind kind, Position position) : position_(std::move(position)), kind_(kind) {}
    static YamlNode scalar(std::string text, bool quoted, Position position);

    [[nodiscard]] Kind kind() const { return kind_; }
    [[nodiscard]] bool is_null() const { return kind_ == Kind::Null; }
    [[nodiscard]] bool is_map() const { return kind_ == Kind::Map; }
    [[nodiscard]] bool is_sequence() const { return kind_ == Kind::Sequence; }
    [[nodiscard]] bool is_scalar() const { return kind_ == Kind::Scalar; }
    [[nodiscard]] const Position& position() const { return position_; }

    // The text of a scalar as written, whatever its type; empty for the others.
    [[nodiscard]] const std::string& text() const { return text_; }

    // Elements of a sequence; empty for the others.
    [[nodiscard]] const std::vector<YamlNode>& items() const { return items_; }
    // Members of a map in the order of the file, without duplicates; empty for the others.
    [[nodiscard]] const std::vector<Member>& members() const { return members_; }

    // The member of a map; null if there is none. Valid as long as this node.
    [[nodiscard]] const YamlNode* find(std::string_view key) const;
    // errors  ProjectFileInvalid at this node if it is no map or lacks the key
    [[nodiscard]] Result<YamlNode> at(std::string_view key) const;

    // This node read as a type. errors: ProjectFileInvalid at this node
    [[nodiscard]] Result<std::string> as_string() const;
    [[nodiscard]] Result<std::int64_t> as_int() const;
    [[nodiscard]] Result<double> as_double() const;  // takes integers too
    [[nodiscard]] Result<bool> as_bool() const;
    [[nodiscard]] Result<std::vector<std::string>> as_strings() const;  // a sequence of scalars

    // The same for an optional member: nothing (or the fallback) if the key is not there.
    [[nodiscard]] Result<std::optional<std::string>> string_or_none(std::string_view key) const;
    [[nodiscard]] Result<std::string> string_or(std::string_view key, std::string fallback) const;
    [[nodiscard]] Result<std::int64_t> int_or(std::string_view key, std::int64_t fallback) const;
    [[nodiscard]] Result<double> double_or(std::string_view key, double fallback) const;
    [[nodiscard]] Result<bool> bool_or(std::string_view key, bool fallback) const;

    // errors  ProjectFileInvalid at the first member whose key is not one of these, naming them;
    //         or at this node if it is no map
    [[nodiscard]] Status only_keys(std::initializer_list<std::string_view> known) const;

    // The node as BSON; order of map members is kept. errors: ProjectFileInvalid at the place that
    // cannot be one (a bad $oid …)
    [[nodiscard]] Result<bson::Value> as_bson() const;
    [[nodiscard]] Result<bson::Document> as_bson_document() const;  // requires a map, or an error

    // For the parser.
    void add_item(YamlNode item) { items_.push_back(std::move(item)); }
    void add_member(YamlNode key, YamlNode value) {
        members_.emplace_back(std::move(key), std::move(value));
    }

  private:
    Position position_;
    std::string text_;
    std::vector<YamlNode> items_;
    std::vector<Member> members_;
    Kind kind_ = Kind::Null;
    bool quoted_ = false;
};

// Reads the text of one YAML document; `file` is the name that errors carry.
//   errors  ProjectFileInvalid for bad YAML, a duplicate key, a key that is no scalar, more than
//           64 levels or a million nodes
[[nodiscard]] Result<YamlNode> parse_yaml(std::string_view text, std::string_view file);

// errors  as parse_yaml; IoError if the file cannot be read
[[nodiscard]] Result<YamlNode> load_yaml_file(const std::filesystem::path& path);

}  // namespace plumb::project
