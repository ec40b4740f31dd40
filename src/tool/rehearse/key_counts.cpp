// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/rehearse/key_counts.h"

#include "bson/builder.h"
#include "bson/hash.h"
#include "bson/index_key.h"

#include <unordered_map>

namespace plumb::rehearse {
namespace {

bson::Document first_fields(bson::View key, std::size_t count) {
    bson::Builder out;
    for (const bson::Element& field : key) {
        if (count-- == 0) {
            break;
        }
        out.append(field.name, field.value);
    }
    return out.finish();
}

struct Count {
    std::int32_t all = 0;
    bool in_half = false;
};

// Half of the documents is every second one: they come in no order that has to do with the keys.
Frequencies count_level(const std::vector<bson::Document>& documents,
                        const bson::KeyMaker& maker,
                        KeyCounts& totals,
                        bool last) {
    std::unordered_map<std::uint64_t, Count> seen;
    bson::MadeKeys made;
    std::size_t number = 0;
    for (const bson::Document& document : documents) {
        const bool in_half = number++ % 2 == 0;
        made.clear();
        if (!maker.make(document, made).ok()) {
            continue;
        }
        for (const bson::MadeKey& key : made.keys) {
            Count& count = seen[bson::hash_bytes(key.bytes)];
            ++count.all;
            count.in_half = count.in_half || in_half;
            if (last) {
                totals.entries += 1;
                totals.key_bytes += static_cast<double>(key.bytes.size());
            }
        }
        totals.multikey = totals.multikey || made.multikey;
    }
    std::vector<std::int32_t> counts;
    std::int64_t distinct_in_half = 0;
    for (const auto& [hash, count] : seen) {
        counts.push_back(count.all);
        distinct_in_half += count.in_half ? 1 : 0;
    }
    return frequencies_of(counts, distinct_in_half);
}

}  // namespace

KeyCounts count_keys(const std::vector<bson::Document>& documents,
                     const project::IndexDefinition& index) {
    KeyCounts out;
    const std::size_t fields = index.key.view().count();
    for (std::size_t level = 1; level <= fields; ++level) {
        auto pattern = bson::KeyPattern::parse(first_fields(index.key, level));
        if (!pattern.ok()) {
            return {};
        }
        const bson::KeyMaker maker{*std::move(pattern), index.sparse};
        out.levels.push_back(count_level(documents, maker, out, level == fields));
    }
    return out;
}

}  // namespace plumb::rehearse
