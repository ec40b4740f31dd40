// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/candidates.h"

#include "bson/number.h"
#include "tool/advise/candidate_drafts.h"

#include <algorithm>
#include <map>

namespace plumb::advise {
namespace {

// More drafts than this are sorted out before all queries are judged under each.
constexpr std::size_t kDraftsMax = 300;
// And then this many are kept, the best of each query's among them if there is room.
constexpr std::size_t kKeptMax = 200;
constexpr std::size_t kKeptOfQuery = 2;

bool is_there(const std::vector<Candidate>& all, const Candidate& wanted) {
    return std::ranges::any_of(all, [&](const Candidate& other) {
        const bool same_filter = (!other.partial && !wanted.partial) ||
                                 (other.partial && wanted.partial &&
                                  other.partial->view().raw() == wanted.partial->view().raw());
        if (!same_filter || other.sparse != wanted.sparse ||
            other.fields.size() != wanted.fields.size()) {
            return false;
        }
        int way = 0;
        for (std::size_t at = 0; at < other.fields.size(); ++at) {
            const int product = other.fields[at].direction * wanted.fields[at].direction;
            if (other.fields[at].path != wanted.fields[at].path || (way != 0 && product != way)) {
                return false;
            }
            way = product;
        }
        return true;
    });
}

// A server of before 5.0 refuses an index whose key another one has with other options; a new one
// cannot be there before the old one is gone.
bool key_is_taken(const std::vector<Candidate>& all, const Candidate& wanted) {
    return std::ranges::any_of(all, [&](const Candidate& other) {
        return other.existing >= 0 && other.fields == wanted.fields;
    });
}

// What a query costs less a minute with a candidate than by a scan; of an $or, its best branch.
double gain_of(const QueryModel& query, const Candidate& candidate, double scan, Judge& judge) {
    double gain = 0;
    const auto consider = [&](const Branch& branch) {
        if (const auto access = judge.under(query, branch, candidate)) {
            gain = std::max(gain, scan - access->us);
        }
    };
    consider(query.whole);
    for (const Branch& branch : query.branches) {
        consider(branch);
    }
    return gain * query.calls_a_minute;
}

// The drafts of each query that help it most, and of those the ones that help most in all.
std::set<Draft> best_drafts(const std::vector<QueryModel>& queries,
                            std::size_t fields_max,
                            Judge& judge) {
    std::map<Draft, double> scores;
    std::map<Draft, Candidate> measured;
    for (const QueryModel& query : queries) {
        std::vector<std::pair<double, const Draft*>> mine;
        const std::set<Draft> drafts = drafts_for(query, fields_max);
        const double scan = judge.scan(query).us;
        for (const Draft& draft : drafts) {
            const auto [known, added] = measured.try_emplace(draft, draft.candidate());
            if (added) {
                judge.measure(known->second);
            }
            mine.emplace_back(gain_of(query, known->second, scan, judge), &draft);
        }
        std::ranges::stable_sort(mine,
                                 [](const auto& a, const auto& b) { return a.first > b.first; });
        for (std::size_t at = 0; at < std::min(mine.size(), kKeptOfQuery); ++at) {
            scores[*mine[at].second] += mine[at].first;
        }
    }
    std::vector<std::pair<double, const Draft*>> order;
    order.reserve(scores.size());
    for (const auto& [draft, score] : scores) {
        order.emplace_back(score, &draft);
    }
    std::ranges::stable_sort(order, [](const auto& a, const auto& b) { return a.first > b.first; });
    std::set<Draft> out;
    for (std::size_t at = 0; at < std::min(order.size(), kKeptMax); ++at) {
        out.insert(*order[at].second);
    }
    return out;
}

std::set<Draft> drafts_of(const std::vector<QueryModel>& queries,
                          std::size_t fields_max,
                          Judge& judge) {
    std::set<Draft> out;
    for (const QueryModel& query : queries) {
        out.merge(drafts_for(query, fields_max));
        if (out.size() > kDraftsMax) {
            return best_drafts(queries, fields_max, judge);
        }
    }
    add_merged(out, fields_max);
    return out;
}

}  // namespace

std::optional<Candidate> candidate_of(const project::IndexDefinition& definition, Judge& judge) {
    Candidate out;
    for (const bson::Element& field : definition.key.view()) {
        if (!field.value.is_number()) {
            return std::nullopt;
        }
        out.fields.push_back(
            {std::string{field.name}, bson::to_clamped_int64(field.value) < 0 ? -1 : 1});
    }
    if (definition.hidden || !definition.other.empty()) {
        return std::nullopt;
    }
    out.partial = definition.partial;
    out.sparse = definition.sparse && out.fields.size() == 1;
    judge.measure(out);
    return out;
}

std::optional<Candidate> existing_candidate(const CollectionSample& sample,
                                            std::size_t index,
                                            Judge& judge) {
    const ExistingIndex& existing = sample.indexes[index];
    const project::IndexDefinition& definition = existing.definition;
    std::optional<Candidate> out = candidate_of(definition, judge);
    if (!out) {
        return std::nullopt;
    }
    out->existing = static_cast<int>(index);
    out->must_stay = definition.unique || definition.expire_after || definition.sparse ||
                     definition.name == "_id_";
    if (existing.bytes >= 0) {
        out->bytes = static_cast<double>(existing.bytes);
    }
    return out;
}

std::vector<Candidate> make_candidates(const std::vector<QueryModel>& queries,
                                       const CollectionSample& sample,
                                       Judge& judge,
                                       std::size_t fields_max) {
    std::vector<Candidate> out;
    for (std::size_t index = 0; index < sample.indexes.size(); ++index) {
        if (auto candidate = existing_candidate(sample, index, judge)) {
            out.push_back(*std::move(candidate));
        }
    }
    for (const Draft& draft : drafts_of(queries, fields_max, judge)) {
        Candidate candidate = draft.candidate();
        if (is_there(out, candidate) || key_is_taken(out, candidate)) {
            continue;
        }
        judge.measure(candidate);
        const bool holds_something = !candidate.members || candidate.members->count() > 0;
        if (sample.rows.empty() || (candidate.entries_per_document > 0 && holds_something)) {
            out.push_back(std::move(candidate));
        }
    }
    return out;
}

}  // namespace plumb::advise
