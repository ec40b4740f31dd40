// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/index_key.h"
#include "tool/migrate/lint/checks_internal.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::migrate::lint {
namespace {

constexpr std::size_t kKeyBytesMax = 1024;  // MongoDB up to 4.0; no limit from 4.2 on

struct Longest {
    std::size_t bytes = 0;
    std::int64_t over = 0;
};

Longest longest_key(const std::vector<bson::Document>& documents,
                    const project::IndexDefinition& index) {
    Longest out;
    auto pattern = bson::KeyPattern::parse(index.key);
    if (!pattern.ok()) {
        return out;
    }
    const bson::KeyMaker maker{*std::move(pattern), index.sparse};
    bson::MadeKeys made;
    for (const bson::Document& document : documents) {
        made.clear();
        if (!maker.make(document, made).ok()) {
            continue;
        }
        std::size_t longest = 0;
        for (const bson::MadeKey& key : made.keys) {
            longest = std::max(longest, key.bytes.size());
        }
        out.bytes = std::max(out.bytes, longest);
        out.over += longest > kKeyBytesMax ? 1 : 0;
    }
    return out;
}

}  // namespace

FoundList check_key_too_long(const Context& context) {
    std::vector<Found> out;
    for (const Step& step : context.steps) {
        for (const project::IndexDefinition& index : new_indexes(step)) {
            PLUMB_TRY(documents, context.facts->sample(step.operation->collection));
            const Longest longest = longest_key(*documents, index);
            if (longest.over > 0) {
                out.push_back(found_at(
                    step,
                    index,
                    fmt::format("{}.{}: {} of {} sampled documents have a key of more than {} "
                                "bytes, the longest {}",
                                step.operation->collection,
                                index.name,
                                longest.over,
                                documents->size(),
                                kKeyBytesMax,
                                longest.bytes)));
            }
        }
    }
    return out;
}

}  // namespace plumb::migrate::lint
