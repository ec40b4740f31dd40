// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/cost.h"

#include "bson/builder.h"
#include "tool/advise/partial_use.h"

#include <algorithm>

namespace plumb::advise {
namespace {

// More sorted intervals than this are not merged by a server: it sorts.
constexpr double kMergedMax = 200;
constexpr double kNoLimit = 0;
constexpr double kKilobyte = 1024;
// What a server reads from its files at once: WiredTiger's leaf pages of documents and of keys.
constexpr double kDocumentPageBytes = 32 * kKilobyte;
constexpr double kIndexPageBytes = 16 * kKilobyte;

void narrow(std::vector<DocumentSet>& sets, const Condition& condition) {
    if (sets.empty()) {
        sets = condition.matches;
        return;
    }
    for (std::size_t one = 0; one < std::min(sets.size(), condition.matches.size()); ++one) {
        sets[one].intersect(condition.matches[one]);
    }
}

}  // namespace

// What an index narrows a branch to.
struct Judge::Bounded {
    std::vector<DocumentSet> keys;      // by instance: documents whose keys are examined
    std::vector<DocumentSet> fetches;   // and of them those that are fetched
    std::set<std::string> key_points;   // fields of the bounds with one value each
    std::set<std::string> all_points;   // of all conditions
    std::set<std::string> fixed;        // fields of the bounds with one value or a list of them
    std::set<const Condition*> bounds;  // that the keys are narrowed by
    double seeks = 1;
    std::size_t fields = 0;
    bool narrowed = false;     // fetches are fewer than keys
    bool all_in_index = true;  // every condition can be answered by the key
};

Access Judge::scan(const QueryModel& model) {
    Access out;
    out.scans = true;
    const auto documents = static_cast<double>(sample_.documents);
    std::set<std::string> points;
    for (const Condition& condition : model.whole.conditions) {
        if (condition.bounds == Bounds::Point) {
            points.insert(condition.path);
        }
    }
    const double matching = std::min(documents, estimate(model.whole.mean_matches, points));
    out.docs = documents;
    out.returned = matching;
    if (model.limit > kNoLimit) {
        out.returned = std::min(matching, model.limit);
        if (model.sort.empty() && matching > model.limit) {
            out.docs = std::min(documents, documents * model.limit / matching);
        }
    }
    out.sorts = !model.sort.empty();
    const double bytes = document_bytes();
    const double each = weights_.scan + bytes / kKilobyte * weights_.scan_kilobyte +
                        bytes / kDocumentPageBytes * miss_share(0) * weights_.miss;
    out.us = (model.inner ? 0 : weights_.call) + out.docs * each +
             (out.sorts ? sort_cost(matching) : 0) + reply_cost(model, out.returned);
    return out;
}

namespace {

// True if the index gives the sort's order: its fields after those of one value each are the sort's
// in the same order, all in the sort's directions or all in the opposite ones.
bool gives_order(const QueryModel& model,
                 const Candidate& candidate,
                 const std::set<std::string>& fixed,
                 double merged) {
    // What a sparse index leaves out would be missing from the result.
    if (candidate.sparse && fixed.empty()) {
        return false;
    }
    if (model.sort.empty() || candidate.multikey || merged > kMergedMax) {
        return false;
    }
    std::size_t at = 0;
    int flipped = 0;
    for (const SortField& wanted : model.sort) {
        if (fixed.contains(wanted.path)) {
            continue;
        }
        while (at < candidate.fields.size() && fixed.contains(candidate.fields[at].path)) {
            ++at;
        }
        if (at == candidate.fields.size() || candidate.fields[at].path != wanted.path) {
            return false;
        }
        const int way = candidate.fields[at].direction * wanted.direction;
        if (flipped != 0 && way != flipped) {
            return false;
        }
        flipped = way;
        ++at;
    }
    return true;
}

}  // namespace

// Whether all documents that the branch may find are in the index.
bool Judge::holds_all(const QueryModel& model,
                      const Branch& branch,
                      const Candidate& candidate) const {
    if (candidate.partial) {
        return implies(model, branch, *candidate.partial);
    }
    if (!candidate.sparse) {
        return true;
    }
    const Condition* condition = branch.find(candidate.fields[0].path);
    const bson::Document exists = bson::Builder{}
                                      .begin_document(candidate.fields[0].path)
                                      .append("$exists", true)
                                      .end()
                                      .finish();
    return condition != nullptr &&
           std::ranges::all_of(condition->filters, [&](const bson::Document& filter) {
               return condition_implies(filter, exists);
           });
}

// Bounds go on through equalities and end with the first range, or where a field has no condition.
Judge::Bounded Judge::bounds_of(const QueryModel& model,
                                const Branch& branch,
                                const Candidate& candidate) const {
    Bounded out;
    if (candidate.members) {
        out.keys.assign(model.instances, *candidate.members);
    }
    for (const IndexField& field : candidate.fields) {
        const Condition* condition = branch.find(field.path);
        if (condition == nullptr || condition->bounds == Bounds::None) {
            break;
        }
        ++out.fields;
        if (condition->bounds == Bounds::Exists) {
            break;
        }
        narrow(out.keys, *condition);
        out.bounds.insert(condition);
        if (condition->bounds == Bounds::Range) {
            break;
        }
        out.fixed.insert(field.path);
        if (condition->bounds == Bounds::Point) {
            out.key_points.insert(field.path);
        } else {
            out.seeks *= condition->points;
        }
    }
    if (out.keys.empty()) {
        out.keys.assign(model.instances, DocumentSet{sample_.rows.size(), true});
    }
    out.fetches = out.keys;
    for (const Condition& condition : branch.conditions) {
        if (condition.bounds == Bounds::Point) {
            out.all_points.insert(condition.path);
        }
        // Null and missing are one in a key: only a sparse index tells them apart.
        const bool told = condition.bounds != Bounds::Exists || candidate.sparse;
        if (candidate.has(condition.path) && !candidate.multikey && told) {
            if (!out.bounds.contains(&condition)) {
                narrow(out.fetches, condition);
                out.narrowed = true;
            }
        } else {
            out.all_in_index = false;
        }
    }
    if (candidate.partial) {
        for (const bson::Element& field : candidate.partial->view()) {
            const Condition* condition = branch.find(field.name);
            if (condition != nullptr && condition->bounds == Bounds::Point) {
                out.key_points.insert(condition->path);
            }
        }
    }
    return out;
}

Access Judge::examined(const QueryModel& model,
                       const Branch& branch,
                       const Candidate& candidate,
                       const Bounded& bounded) {
    Access out;
    const auto documents = static_cast<double>(sample_.documents);
    const double key_count = mean_count(bounded.keys);
    out.keys = bounded.fields == 0
                   ? documents * candidate.entries_per_document
                   : std::min(documents, estimate(key_count, bounded.key_points, bounded.seeks));
    std::set<std::string> indexed_points;
    for (const std::string& path : bounded.all_points) {
        if (candidate.has(path)) {
            indexed_points.insert(path);
        }
    }
    out.docs = std::min(out.keys,
                        estimate(bounded.narrowed ? mean_count(bounded.fetches) : key_count,
                                 indexed_points,
                                 bounded.seeks));
    out.returned =
        std::min(out.docs, estimate(branch.mean_matches, bounded.all_points, bounded.seeks));
    const bool known = model.counts_only ||
                       (model.needs && std::ranges::all_of(*model.needs, [&](const auto& path) {
                            return candidate.has(path);
                        }));
    out.covered =
        known && bounded.all_in_index && !candidate.multikey && model.writes == WriteKind::None;
    return out;
}

// The part of an ordered scan until the limit is reached. Where documents are passed over on the
// way it depends on where the wanted ones stand: the newest need not be like the others.
double Judge::share_until_limit(const QueryModel& model,
                                const Branch& branch,
                                const Bounded& bounded,
                                double matching) {
    const double even = model.limit / matching;
    const auto order = std::ranges::find_if(
        model.sort, [&](const SortField& field) { return !bounded.fixed.contains(field.path); });
    double keys = 0;
    double wanted = 0;
    for (std::size_t one = 0; one < model.instances; ++one) {
        keys += static_cast<double>(bounded.keys[one].count());
        wanted += static_cast<double>(branch.matches[one].count());
    }
    const double limit = std::max(1.0, model.limit / sample_.weight());
    if (order == model.sort.end() || wanted >= keys || wanted <= 0) {
        return even;
    }
    const std::vector<ColumnValue>& values = columns_.column(order->path).values;
    double passed = 0;
    for (std::size_t one = 0; one < model.instances; ++one) {
        double found = 0;
        for (std::size_t at = 0; at < values.size() && found < limit; ++at) {
            const std::size_t row = values[order->direction > 0 ? at : values.size() - 1 - at].row;
            passed += bounded.keys[one].has(row) ? 1 : 0;
            found += branch.matches[one].has(row) ? 1 : 0;
        }
    }
    return std::min(1.0, passed / keys);
}

std::optional<Access> Judge::under(const QueryModel& model,
                                   const Branch& branch,
                                   const Candidate& candidate) {
    if (!holds_all(model, branch, candidate)) {
        return std::nullopt;
    }
    const Bounded bounded = bounds_of(model, branch, candidate);
    const bool ordered = gives_order(model, candidate, bounded.fixed, bounded.seeks);
    if (bounded.fields == 0 && !ordered) {
        return std::nullopt;
    }
    Access out = examined(model, branch, candidate, bounded);
    const double matching = out.returned;
    if (model.limit > kNoLimit) {
        const bool stops_early = model.sort.empty() || ordered;
        if (stops_early && matching > model.limit) {
            const double least = model.limit / std::max(out.keys, model.limit);
            const double share =
                ordered ? std::max(least, share_until_limit(model, branch, bounded, matching))
                        : model.limit / matching;
            out.keys *= share;
            out.docs *= share;
        }
        out.returned = std::min(matching, model.limit);
    }
    if (out.covered) {
        out.docs = 0;
    }
    out.sorts = !model.sort.empty() && !ordered;
    const double miss = miss_share(candidate.existing >= 0 ? 0 : candidate.bytes) * weights_.miss;
    const double entries =
        std::max(1.0, candidate.entries_per_document * static_cast<double>(sample_.documents));
    const double page_keys = std::max(1.0, kIndexPageBytes / (candidate.bytes / entries));
    const bool counted = model.counts_only && out.covered && bounded.seeks <= 1 &&
                         bounded.fields == branch.conditions.size();
    const double key = counted ? weights_.count_key : weights_.key;
    out.us = (model.inner ? 0 : weights_.call) + bounded.seeks * (weights_.seek + miss) +
             out.keys * (key + miss / page_keys) + out.docs * (weights_.fetch + miss) +
             (out.sorts ? sort_cost(matching) : 0) + reply_cost(model, out.returned);
    return out;
}

}  // namespace plumb::advise
