// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/cost.h"

#include "bson/hash.h"
#include "engine/query/matcher.h"
#include "engine/query/path_walk.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace plumb::advise {
namespace {

// Sets with fewer documents than this are too small to be scaled up: one more or less in the sample
// would change the estimate by as much.
constexpr double kFewMatches = 5;
// More sorted intervals than this are not merged by a server: it sorts.
constexpr double kMergedMax = 200;
constexpr double kNoLimit = 0;

double mean_count(const std::vector<DocumentSet>& sets) {
    double total = 0;
    for (const DocumentSet& set : sets) {
        total += static_cast<double>(set.count());
    }
    return sets.empty() ? 0 : total / static_cast<double>(sets.size());
}

void narrow(std::vector<DocumentSet>& sets, const Condition& condition) {
    for (std::size_t one = 0; one < std::min(sets.size(), condition.matches.size()); ++one) {
        sets[one].intersect(condition.matches[one]);
    }
}

std::uint64_t hash_of(bson::View row, const std::string& dotted) {
    const bson::Path path{dotted};
    std::uint64_t out = 0;
    query::walk_path(row, path, query::LeafArray::Whole, [&](bson::ValueView value, std::int64_t) {
        out = out * 31 + (value.missing() ? 0 : bson::hash_value(value));
        return false;
    });
    return out;
}

}  // namespace

// What an index narrows a branch to.
struct Judge::Bounded {
    std::vector<DocumentSet> keys;     // by instance: documents whose keys are examined
    std::vector<DocumentSet> fetches;  // and of them those that are fetched
    std::set<std::string> key_points;  // fields of the bounds with one value each
    std::set<std::string> all_points;  // of all conditions
    std::set<std::string> fixed;       // fields of the bounds with one value or a list of them
    double seeks = 1;
    std::size_t fields = 0;
    bool all_in_index = true;  // every condition can be answered by the key
};

double Judge::group_size(const std::set<std::string>& paths) {
    if (const auto known = group_sizes_.find(paths); known != group_sizes_.end()) {
        return known->second;
    }
    std::unordered_map<std::uint64_t, std::size_t> groups;
    for (const bson::Document& row : sample_.rows) {
        std::uint64_t hash = 0;
        for (const std::string& path : paths) {
            hash = hash * 0x9E37'79B9'7F4A'7C15ULL + hash_of(row, path);
        }
        ++groups[hash];
    }
    double pairs = 0;
    for (const auto& [hash, size] : groups) {
        pairs += static_cast<double>(size) * static_cast<double>(size - 1);
    }
    const auto rows = static_cast<double>(sample_.rows.size());
    const double all_pairs = rows * (rows - 1);
    const double share = all_pairs > 0 ? pairs / all_pairs : 0;
    const double size = 1 + share * std::max(0.0, static_cast<double>(sample_.documents) - 1);
    group_sizes_.emplace(paths, size);
    return size;
}

double Judge::estimate(const std::vector<DocumentSet>& sets, const std::set<std::string>& points) {
    const double count = mean_count(sets);
    const double weight = sample_.weight();
    if (weight <= 1.0 || count >= kFewMatches || points.empty()) {
        return count * weight;
    }
    // Few or none of the sample: what an equality finds is known better from how often two
    // documents share their values than from the handful that these values found.
    return std::min(group_size(points), std::max(1.0, count * weight * 2));
}

double Judge::sort_cost(double documents) const {
    return documents > 1 ? documents * std::log2(documents) * weights_.sort : 0;
}

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
    const double matching = std::min(documents, estimate(model.whole.matches, points));
    out.docs = documents;
    out.returned = matching;
    if (model.limit > kNoLimit) {
        out.returned = std::min(matching, model.limit);
        if (model.sort.empty() && matching > model.limit) {
            out.docs = std::min(documents, documents * model.limit / matching);
        }
    }
    out.sorts = !model.sort.empty();
    out.us = weights_.call + out.docs * weights_.scan + (out.sorts ? sort_cost(matching) : 0) +
             (model.counts_only ? 0 : out.returned * weights_.reply);
    return out;
}

namespace {

// True if the index gives the sort's order: its fields after those of one value each are the sort's
// in the same order, all in the sort's directions or all in the opposite ones.
bool gives_order(const QueryModel& model,
                 const Candidate& candidate,
                 const std::set<std::string>& fixed,
                 double merged) {
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

// A partial index serves only queries that ask for nothing outside of it: here, those whose own
// condition on its field finds documents of it alone.
bool implies(const Branch& branch, const Candidate& candidate, const CollectionSample& sample) {
    if (!candidate.partial) {
        return true;
    }
    const auto filter = query::Matcher::parse(*candidate.partial);
    if (!filter.ok()) {
        return false;
    }
    for (const bson::Element& field : candidate.partial->view()) {
        if (branch.find(field.name) == nullptr) {
            return false;
        }
    }
    for (const DocumentSet& matches : branch.matches) {
        for (std::size_t row = 0; row < sample.rows.size(); ++row) {
            if (matches.has(row) && !filter->matches(sample.rows[row])) {
                return false;
            }
        }
    }
    return true;
}

}  // namespace

// Bounds go on through equalities and end with the first range, or where a field has no condition.
Judge::Bounded Judge::bounds_of(const QueryModel& model,
                                const Branch& branch,
                                const Candidate& candidate) const {
    Bounded out;
    out.keys.assign(model.instances, DocumentSet{sample_.rows.size(), true});
    for (const IndexField& field : candidate.fields) {
        const Condition* condition = branch.find(field.path);
        if (condition == nullptr || condition->bounds == Bounds::None) {
            break;
        }
        narrow(out.keys, *condition);
        ++out.fields;
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
    out.fetches = out.keys;
    for (const Condition& condition : branch.conditions) {
        if (condition.bounds == Bounds::Point) {
            out.all_points.insert(condition.path);
        }
        if (candidate.has(condition.path) && !candidate.multikey) {
            narrow(out.fetches, condition);
        } else {
            out.all_in_index = false;
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
    const double entries = candidate.partial ? candidate.entries_per_document : 1;
    out.keys = bounded.fields == 0
                   ? documents * candidate.entries_per_document
                   : std::min(documents, estimate(bounded.keys, bounded.key_points)) * entries;
    std::set<std::string> indexed_points;
    for (const std::string& path : bounded.all_points) {
        if (candidate.has(path)) {
            indexed_points.insert(path);
        }
    }
    out.docs = std::min(out.keys, estimate(bounded.fetches, indexed_points));
    out.returned = std::min(out.docs, estimate(branch.matches, bounded.all_points));
    const bool known = model.counts_only ||
                       (model.needs && std::ranges::all_of(*model.needs, [&](const auto& path) {
                            return candidate.has(path);
                        }));
    out.covered =
        known && bounded.all_in_index && !candidate.multikey && model.writes == WriteKind::None;
    return out;
}

std::optional<Access> Judge::under(const QueryModel& model,
                                   const Branch& branch,
                                   const Candidate& candidate) {
    if (!implies(branch, candidate, sample_)) {
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
            out.keys *= model.limit / matching;
            out.docs *= model.limit / matching;
        }
        out.returned = std::min(matching, model.limit);
    }
    if (out.covered) {
        out.docs = 0;
    }
    out.sorts = !model.sort.empty() && !ordered;
    out.us = weights_.call + bounded.seeks * weights_.seek + out.keys * weights_.key +
             out.docs * weights_.fetch + (out.sorts ? sort_cost(matching) : 0) +
             (model.counts_only ? 0 : out.returned * weights_.reply);
    return out;
}

double Judge::upkeep(const QueryModel& model, const Candidate& candidate) const {
    switch (model.writes) {
        case WriteKind::None:
            return 0;
        case WriteKind::Insert:
        case WriteKind::Delete:
            return model.statements * candidate.entries_per_document * weights_.index_write;
        case WriteKind::Update:
            break;
    }
    const bool touched =
        model.changes_all || std::ranges::any_of(candidate.fields, [&](const IndexField& field) {
            return std::ranges::any_of(model.changed, [&](const std::string& changed) {
                return changed == field.path || field.path.starts_with(changed + ".") ||
                       changed.starts_with(field.path + ".");
            });
        });
    // An entry is taken out and another put in.
    return touched ? 2 * candidate.entries_per_document * weights_.index_write : 0;
}

}  // namespace plumb::advise
