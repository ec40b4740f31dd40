// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/project_text.h"

#include "bson/json.h"
#include "project/migration_file_text_internal.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::project {
namespace {

constexpr std::string_view kPurpose = "was there when the project began";

// {key: …, unique: true, purpose: …} with the collection before it.
std::string strategy_row(const std::string& collection, IndexDefinition index) {
    index.purpose = kPurpose;
    return fmt::format(
        "  - {{collection: {}, {}\n", yaml_text(collection), index_text(index).substr(1));
}

std::vector<IndexBlock> with_indexes(const Found& found) {
    std::vector<IndexBlock> out;
    for (const IndexBlock& block : found.collections) {
        if (!block.indexes.empty()) {
            out.push_back(block);
        }
    }
    return out;
}

}  // namespace

std::string project_text(const Found& found) {
    std::string out = fmt::format(
        "# Written by `plumb init`. docs/ARCHITECTURE.md says which files stand beside it.\n"
        "name: {0}\ndatabase: {0}\ndescription: what {0} had when the project began\n",
        yaml_text(found.database));
    out += found.collections.empty() ? "collections: []\n" : "collections:\n";
    for (const IndexBlock& block : found.collections) {
        out += fmt::format("  - {}\n", yaml_text(block.collection));
    }
    return out;
}

std::string strategy_text(const Found& found) {
    std::string out = fmt::format(
        "# Written by `plumb init`: the indexes that {0} had. Purposes are yours to fill in;\n"
        "# `plumb advise` says which of them its workload needs.\ntitle: {1}\n\n",
        found.database,
        yaml_text(found.database + " indexes"));
    const std::vector<IndexBlock> blocks = with_indexes(found);
    out += blocks.empty() ? "indexes: []\n" : "indexes:\n";
    for (const IndexBlock& block : blocks) {
        for (const IndexDefinition& index : block.indexes) {
            out += strategy_row(block.collection, index);
        }
    }
    return out;
}

std::string baseline_text(const Found& found, const MigrationHead& head) {
    std::vector<IndexBlock> blocks = with_indexes(found);
    for (IndexBlock& block : blocks) {
        for (IndexDefinition& index : block.indexes) {
            index.purpose = kPurpose;
        }
    }
    return blocks.empty() ? std::string{} : migration_of_indexes(head, blocks);
}

}  // namespace plumb::project
