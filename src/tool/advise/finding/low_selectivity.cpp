// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"
#include "bson/index_key.h"
#include "bson/json.h"
#include "tool/advise/finding/finding_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace plumb::advise {
namespace {

// An index scan of this share of a collection, with a fetch for each, costs as much as a scan.
constexpr double kHighShare = 0.25;
// A value that most documents have: for it the index is dead weight.
constexpr double kMostShare = 0.5;
constexpr std::size_t kFewKeys = 50;

// The values of a key as people read them; what is missing stands in it as null.
std::string key_text(const bson::MadeKey& key, const bson::KeyPattern& pattern) {
    bson::Builder values;
    if (!bson::decode_key(key.bytes, key.type_bits, pattern, {}, values).ok()) {
        return "?";
    }
    std::string out;
    const bson::Document decoded = values.finish();
    for (const bson::Element& field : decoded) {
        out += (out.empty() ? "" : ", ") + bson::to_json(field.value);
    }
    return out;
}

// Keys with how many sampled documents have them, the most frequent one first; empty if there are
// more than a few. A document with an array has a key for each element.
std::vector<std::pair<std::string, std::size_t>> keys_of(const CollectionSample& sample,
                                                         const project::IndexDefinition& index) {
    auto pattern = bson::KeyPattern::parse(index.key);
    if (!pattern.ok()) {
        return {};
    }
    const bson::KeyMaker maker{*std::move(pattern), index.sparse};
    std::map<bson::MadeKey, std::size_t> counts;
    bson::MadeKeys made;
    for (const bson::Document& row : sample.rows) {
        made.clear();
        if (!maker.make(row, made).ok()) {
            return {};
        }
        for (const bson::MadeKey& key : made.keys) {
            ++counts[key];
        }
        if (counts.size() > kFewKeys) {
            return {};
        }
    }
    std::vector<std::pair<std::string, std::size_t>> out;
    out.reserve(counts.size());
    for (const auto& [key, documents] : counts) {
        out.emplace_back(key_text(key, maker.pattern()), documents);
    }
    std::ranges::stable_sort(out, [](const auto& a, const auto& b) { return a.second > b.second; });
    return out;
}

// An index whose few keys are mostly one.
void judge_index(const CollectionSample& sample,
                 const project::IndexDefinition& index,
                 std::vector<Finding>& out) {
    const bool special = index.unique || index.expire_after || index.partial || index.sparse;
    if (special || index.name == "_id_" || sample.rows.empty() ||
        static_cast<double>(sample.documents) < kWorthAnIndex) {
        return;
    }
    const auto keys = keys_of(sample, index);
    const auto rows = static_cast<double>(sample.rows.size());
    if (keys.empty() || static_cast<double>(keys[0].second) < kMostShare * rows) {
        return;
    }
    std::string rare;
    for (std::size_t at = 1; at < std::min<std::size_t>(keys.size(), 6); ++at) {
        rare += fmt::format("{}{} {:.1f} %",
                            rare.empty() ? "" : ", ",
                            keys[at].first,
                            100 * static_cast<double>(keys[at].second) / rows);
    }
    out.push_back({"low_selectivity",
                   Severity::Warning,
                   sample.name,
                   index.name,
                   fmt::format("{} has {} different keys and {:.0f} % of {} have one of them, {}: "
                               "it helps for the rare values only",
                               index.name,
                               keys.size(),
                               100 * static_cast<double>(keys[0].second) / rows,
                               sample.name,
                               keys[0].first),
                   fmt::format("{}, from a sample of {}",
                               rare.empty() ? std::string{"no other value"} : rare,
                               sample.rows.size()),
                   "keep it for the rare values if they are asked for: a partial index on them is "
                   "smaller and spares the writes"});
}

}  // namespace

void find_low_selectivity(const FindingContext& context, std::vector<Finding>& out) {
    const auto documents = static_cast<double>(context.sample.documents);
    for_each_query(context, [&](const QueryModel& model, const QueryAdvice& query) {
        const bool asks = !model.whole.conditions.empty();
        // A pipeline that groups has to read what it groups.
        if (!asks || model.limit > 0 || documents < kWorthAnIndex || reduces(model.shape) ||
            query.before.returned < documents * kHighShare) {
            return;
        }
        out.push_back({"low_selectivity",
                       Severity::Warning,
                       context.sample.name,
                       model.label,
                       fmt::format("{} matches about {:.0f} % of {}: an index cannot make it much "
                                   "faster",
                                   model.label,
                                   100 * query.before.returned / documents,
                                   context.sample.name),
                       fmt::format("{:.0f} of {:.0f} documents, from a sample of {}",
                                   query.before.returned,
                                   documents,
                                   context.sample.rows.size()),
                       "read less: a projection that an index covers, a partial index on the rare "
                       "values, or smaller pages"});
    });
    for (const ExistingIndex& index : context.sample.indexes) {
        judge_index(context.sample, index.definition, out);
    }
}

Status further_low_selectivity(const FurtherContext& context, std::vector<Finding>& out) {
    for (const project::IndexDefinition& index : context.missing) {
        judge_index(context.sample, index, out);
    }
    return {};
}

}  // namespace plumb::advise
