// SPDX-License-Identifier: GPL-3.0-or-later
// What the findings that need the server or the strategy are given: one collection after the other.
#include "bson/builder.h"
#include "bson/number.h"
#include "tool/advise/finding/finding_internal.h"
#include "tool/index_facts/hints.h"
#include "tool/index_facts/shard_key.h"
#include "tool/replan/plan_query.h"

#include <algorithm>
#include <set>

namespace plumb::advise {
namespace {

// -1 where the server does not say (or has no WiredTiger).
std::int64_t read_cache_bytes(client::Client& client) {
    bson::Builder command;
    command.append("serverStatus", 1);
    const auto status = client.command("admin", command.finish());
    if (!status.ok()) {
        return -1;
    }
    const bson::ValueView engine = status->find("wiredTiger");
    if (engine.type() != bson::Type::Document) {
        return -1;
    }
    const bson::ValueView cache = engine.as_document().find("cache");
    if (cache.type() != bson::Type::Document) {
        return -1;
    }
    const bson::ValueView bytes = cache.as_document().find("maximum bytes configured");
    return bytes.is_number() ? bson::to_clamped_int64(bytes) : -1;
}

bool is_there(const project::IndexDefinition& wanted,
              const std::vector<project::IndexDefinition>& there) {
    return std::ranges::any_of(there, [&](const project::IndexDefinition& found) {
        return project::differences(wanted, found).empty();
    });
}

std::vector<bson::Document> commands_on(const Advice& advice, const std::string& collection) {
    std::vector<bson::Document> out;
    for (const QueryAdvice& query : advice.queries) {
        if (query.asked.shape.collection != collection || query.asked.instances.empty()) {
            continue;
        }
        auto command =
            replan::explainable_command(collection, query.asked.instances.front().view());
        if (command) {
            out.push_back(*std::move(command));
        }
    }
    return out;
}

FurtherContext context_of(const FurtherLook& look,
                          const CollectionSample& sample,
                          const Advice& advice,
                          std::int64_t cache_bytes) {
    FurtherContext out{look, sample, advice, {}, {}, {}, cache_bytes};
    for (const ExistingIndex& index : sample.indexes) {
        out.there.push_back(index.definition);
    }
    const auto declared = look.declared.find(sample.name);
    if (declared != look.declared.end()) {
        for (const project::IndexDefinition& wanted : declared->second) {
            if (is_there(wanted, out.there)) {
                // Of two indexes that serve each other the declared one stays.
                out.use.wanted.insert(wanted.name);
            } else {
                out.missing.push_back(wanted);
            }
        }
    }
    out.use.shard_key = index_facts::read_shard_key(look.client, look.database, sample.name);
    out.use.hinted =
        index_facts::hinted_indexes(commands_on(advice, sample.name), sample.name, out.there);
    return out;
}

// Those that nobody asks, but the strategy has an index for: what they hold is looked at as well.
Result<std::map<std::string, CollectionSample>> unasked(const FurtherLook& look,
                                                        const Advice& advice) {
    constexpr std::size_t kRows = 2000;
    std::map<std::string, CollectionSample> out;
    for (const auto& [collection, indexes] : look.declared) {
        if (advice.samples.contains(collection)) {
            continue;
        }
        SampleOptions options;
        options.rows_max = kRows;
        PLUMB_TRY(sample,
                  draw_sample(look.client, look.database, collection, options, look.interrupt));
        out.emplace(collection, std::move(sample));
    }
    return out;
}

Status find_in(const FurtherContext& context, std::vector<Finding>& found) {
    for (const FindingRow& row : finding_table()) {
        if (row.further != nullptr) {
            PLUMB_CHECK(row.further(context, found));
        }
    }
    return {};
}

}  // namespace

Status find_further(const FurtherLook& look, Advice& advice) {
    PLUMB_TRY(more, unasked(look, advice));
    const std::int64_t cache_bytes = read_cache_bytes(look.client);
    std::vector<Finding> found;
    for (const auto* samples : {&advice.samples, &more}) {
        for (const auto& [name, sample] : *samples) {
            if (!sample.exists) {
                continue;
            }
            PLUMB_CHECK(look.interrupt.check_now());
            PLUMB_CHECK(find_in(context_of(look, sample, advice, cache_bytes), found));
        }
    }
    std::ranges::move(found, std::back_inserter(advice.findings));
    return {};
}

}  // namespace plumb::advise
