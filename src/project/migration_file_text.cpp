// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/migration_file_text.h"

#include "bson/builder.h"
#include "bson/json.h"
#include "project/migration_file.h"
#include "project/migration_file_text_internal.h"
#include "project/migration_keys.h"
#include "project/migration_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::project {
namespace {

constexpr std::size_t kIdsInOneDelete = 500;

// The order in which a migration is usually written: collections, fields and documents, then the
// indexes on what is there by then.
constexpr auto kExplained = std::to_array<std::string_view>({
    "create_collection",
    "rename_collection",
    "add_field",
    "copy_field",
    "rename_field",
    "link",
    "transform",
    "remove_field",
    "delete",
    "create_indexes",
    "drop_indexes",
    "hide_index",
    "unhide_index",
    "set_validator",
    "set_options",
    "drop_collection",
    "run",
    "native",
});

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == ' ' || c == '.' || c == '/' || c == '-';
}

std::string quoted(std::string_view text) {
    return bson::to_json(bson::Value{text}.view());
}

}  // namespace

std::string head_text(const MigrationHead& head, bool with_allow) {
    const std::string number = version_text(head.version);
    std::string out = schema_line() + "\n";
    out += fmt::format(
        "# Look at it with `plumb migrate lint {}` and `plumb migrate plan`, apply it "
        "with\n# `plumb migrate up`, take it back with `plumb migrate down`.\n",
        number);
    out += fmt::format("version: {}\nname: {}\n", head.version, head.name);
    if (!head.description.empty()) {
        out += fmt::format("description: {}\n", yaml_text(head.description));
    }
    if (with_allow) {
        out +=
            "# description: what it is for\n"
            "# allow: [MISSING_PURPOSE]     # lint codes that are meant to be so\n";
    }
    return out + "\nup:\n";
}

std::string index_text(const IndexDefinition& index) {
    std::string out = "{key: {";
    bool first = true;
    for (const bson::Element& field : index.key) {
        out += fmt::format(
            "{}{}: {}", first ? "" : ", ", yaml_text(field.name), bson::to_json(field.value));
        first = false;
    }
    out += "}";
    if (index.name != default_index_name(index.key)) {
        out += fmt::format(", name: {}", yaml_text(index.name));
    }
    for (const auto& [key, is_set] : {std::pair{"unique", index.unique},
                                      std::pair{"sparse", index.sparse},
                                      std::pair{"hidden", index.hidden}}) {
        out += is_set ? fmt::format(", {}: true", key) : "";
    }
    if (index.partial.has_value()) {
        out += fmt::format(", partial: {}", bson::to_json(index.partial->view()));
    }
    if (index.expire_after.has_value()) {
        out += fmt::format(", expire_after: {}", *index.expire_after);
    }
    if (const bson::ValueView collation = index.other.find("collation");
        collation.type() == bson::Type::Document) {
        out += fmt::format(", collation: {}", bson::to_json(collation));
    }
    if (!index.purpose.empty()) {
        out += fmt::format(", purpose: {}", yaml_text(index.purpose));
    }
    return out + "}";
}

std::string yaml_text(std::string_view text) {
    static constexpr std::array<std::string_view, 7> kWords{
        "false", "n", "no", "null", "true", "y", "yes"};
    const bool letter_first =
        !text.empty() && ((text.front() >= 'a' && text.front() <= 'z') ||
                          (text.front() >= 'A' && text.front() <= 'Z') || text.front() == '_');
    const bool plain = letter_first && text.back() != ' ' &&
                       std::all_of(text.begin(), text.end(), is_plain) &&
                       !std::binary_search(kWords.begin(), kWords.end(), text);
    return plain ? std::string{text} : quoted(text);
}

std::string migration_name(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool upper = c >= 'A' && c <= 'Z';
        if (upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            out += upper ? static_cast<char>(c - 'A' + 'a') : c;
        } else if (!out.empty() && out.back() != '_') {
            out += '_';
        }
    }
    while (out.ends_with('_')) {
        out.pop_back();
    }
    return out;
}

std::string commented_migration(const MigrationHead& head) {
    std::string out = head_text(head, head.description.empty());
    out +=
        "  # Take the # away from what you need and change it. Operations run in this order, the "
        "way\n  # back in the reverse one.\n";
    for (const std::string_view kind : kExplained) {
        const OperationKeys& row = *find_operation_keys(kind);
        out +=
            fmt::format("  #\n  # {}; back: {}\n  # - {}\n", row.about, row.inverse, row.example);
    }
    return out;
}

std::string migration_of_indexes(const MigrationHead& head, const std::vector<IndexBlock>& blocks) {
    std::string out = head_text(head, false);
    for (const IndexBlock& block : blocks) {
        out += fmt::format("  - create_indexes:\n      collection: {}\n      indexes:\n",
                           yaml_text(block.collection));
        for (const IndexDefinition& index : block.indexes) {
            out += fmt::format("        - {}\n", index_text(index));
        }
    }
    return out;
}

std::string migration_of_deletes(const MigrationHead& head,
                                 const std::string& collection,
                                 const std::vector<bson::Value>& ids) {
    std::string out = head_text(head, false);
    for (std::size_t from = 0; from < ids.size(); from += kIdsInOneDelete) {
        out += fmt::format(
            "  - delete:\n      collection: {}\n      filter:\n        _id:\n"
            "          $in:\n",
            yaml_text(collection));
        for (std::size_t at = from; at < std::min(ids.size(), from + kIdsInOneDelete); ++at) {
            out += fmt::format("            - {}\n", bson::to_json(ids[at].view()));
        }
    }
    return out;
}

}  // namespace plumb::project
