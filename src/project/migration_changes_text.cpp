// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/migration_changes_text.h"

#include "bson/json.h"
#include "project/migration_file_text_internal.h"

#include <fmt/format.h>

namespace plumb::project {
namespace {

// A line break in a reason would end the comment.
std::string comment(std::string_view text) {
    std::string out = "  # ";
    for (const char c : text) {
        out += c == '\n' || c == '\r' ? ' ' : c;
    }
    return out + "\n";
}

// Writes the operation that stands in a change.
struct Writer {
    const std::string& collection;

    std::string operator()(const CreateIndexes& create) const {
        std::string out =
            fmt::format("  - create_indexes:\n      collection: {}\n", yaml_text(collection));
        if (create.on_conflict == OnConflict::Replace) {
            out += "      on_conflict: replace\n";
        }
        out += "      indexes:\n";
        for (const IndexDefinition& index : create.indexes) {
            out += fmt::format("        - {}\n", index_text(index));
        }
        return out;
    }
    std::string operator()(const DropIndexes& drop) const {
        std::string names;
        for (const std::string& name : drop.names) {
            names += fmt::format("{}{}", names.empty() ? "" : ", ", yaml_text(name));
        }
        return fmt::format(
            "  - drop_indexes: {{collection: {}, names: [{}]}}\n", yaml_text(collection), names);
    }
    std::string operator()(const HideIndex& hide) const { return named("hide_index", hide.name); }
    std::string operator()(const UnhideIndex& unhide) const {
        return named("unhide_index", unhide.name);
    }
    std::string operator()(const SetOptions& set) const {
        return fmt::format("  - set_options: {{collection: {}, options: {}}}\n",
                           yaml_text(collection),
                           bson::to_json(set.options.view()));
    }

    [[nodiscard]] std::string named(std::string_view kind, const std::string& name) const {
        return fmt::format(
            "  - {}: {{collection: {}, name: {}}}\n", kind, yaml_text(collection), yaml_text(name));
    }
};

}  // namespace

std::string migration_of_changes(const MigrationHead& head,
                                 const std::vector<IndexChange>& changes) {
    std::string out = head_text(head, false);
    for (const IndexChange& change : changes) {
        out += change.why.empty() ? "" : comment(change.why);
        out += std::visit(Writer{change.collection}, change.what);
    }
    return out;
}

}  // namespace plumb::project
