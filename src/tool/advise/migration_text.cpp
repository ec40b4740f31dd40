// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/migration_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace plumb::advise {
namespace {

using project::IndexBlock;
using project::IndexDefinition;

std::string purpose_of(const Advice& advice, const IndexAdvice& index) {
    std::string out;
    for (const std::string& label : index.serves) {
        const auto query = std::ranges::find_if(
            advice.queries, [&](const QueryAdvice& each) { return each.asked.label == label; });
        if (query != advice.queries.end()) {
            const AskedQuery& asked = query->asked;
            out +=
                (out.empty() ? "" : "; ") + (asked.title.empty() ? asked.shape.text : asked.title);
        }
    }
    return out.empty() ? index.why : out;
}

bool is_taken(const std::string& name,
              const CollectionSample& sample,
              const std::vector<IndexDefinition>& added) {
    return std::ranges::any_of(sample.indexes,
                               [&](const auto& there) { return there.definition.name == name; }) ||
           std::ranges::any_of(added, [&](const auto& other) { return other.name == name; });
}

IndexDefinition definition_of(const Advice& advice,
                              const IndexAdvice& index,
                              const std::vector<IndexDefinition>& added) {
    IndexDefinition out;
    out.key = index.candidate.key();
    out.sparse = index.candidate.sparse;
    out.partial = index.candidate.partial;
    out.purpose = purpose_of(advice, index);
    out.name = project::default_index_name(out.key);
    // The same key with other options may be there already.
    const std::string_view suffix = out.partial ? "_partial" : out.sparse ? "_sparse" : "_advised";
    const auto sample = advice.samples.find(index.collection);
    for (int round = 0;
         round < 2 && sample != advice.samples.end() && is_taken(out.name, sample->second, added);
         ++round) {
        out.name += suffix;
    }
    return out;
}

std::vector<IndexBlock> added_blocks(const Advice& advice) {
    std::vector<IndexBlock> out;
    for (const IndexAdvice& index : advice.indexes) {
        if (index.what != IndexAdvice::What::Add) {
            continue;
        }
        auto block = std::ranges::find(out, index.collection, &IndexBlock::collection);
        if (block == out.end()) {
            block = out.insert(out.end(), IndexBlock{index.collection, {}});
        }
        block->indexes.push_back(definition_of(advice, index, block->indexes));
    }
    return out;
}

std::string drops_text(const Advice& advice, Drops drops) {
    std::string out;
    for (const IndexAdvice& index : advice.indexes) {
        if (index.what != IndexAdvice::What::Drop) {
            continue;
        }
        if (drops == Drops::Operations) {
            out +=
                fmt::format("  # {}\n  - drop_indexes:\n      collection: {}\n      names: [{}]\n",
                            index.why,
                            project::yaml_text(index.collection),
                            project::yaml_text(index.name));
        } else {
            out += fmt::format("#   {} {}: {}\n", index.collection, index.name, index.why);
        }
    }
    if (!out.empty() && drops == Drops::Comments) {
        out =
            "\n# Not dropped here; each may go once the new ones have served for a while:\n" + out;
    }
    return out;
}

}  // namespace

bool has_operations(const Advice& advice, Drops drops) {
    return std::ranges::any_of(advice.indexes, [drops](const IndexAdvice& index) {
        return index.what == IndexAdvice::What::Add ||
               (index.what == IndexAdvice::What::Drop && drops == Drops::Operations);
    });
}

std::string migration_text(const Advice& advice, const project::MigrationHead& head, Drops drops) {
    return project::migration_of_indexes(head, added_blocks(advice)) + drops_text(advice, drops);
}

}  // namespace plumb::advise
