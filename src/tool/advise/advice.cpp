// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/advice.h"

#include "tool/advise/candidates.h"
#include "tool/advise/findings.h"
#include "tool/advise/instances.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::advise {
namespace {

// An index of priority 1 takes off at least this share of the whole workload's cost.
constexpr double kFirstPriorityShare = 0.01;

// The best way to answer a query under a set of candidates.
struct BestAccess {
    Access access;
    std::string index = "scan";
    std::vector<std::size_t> used;
};

class CollectionAdvice {
  public:
    CollectionAdvice(const CollectionSample& sample,
                     std::vector<QueryModel> models,
                     const AdviceOptions& options)
        : sample_(sample),
          models_(std::move(models)),
          options_(options),
          judge_(sample, options.weights),
          candidates_(make_candidates(models_, sample, judge_)),
          table_(make_cost_table(models_, candidates_, options.weights, judge_)),
          selection_(select_indexes(table_, candidates_, options.limits)) {}

    [[nodiscard]] const Selection& selection() const { return selection_; }
    [[nodiscard]] const std::vector<QueryModel>& models() const { return models_; }
    [[nodiscard]] const std::vector<Candidate>& candidates() const { return candidates_; }
    [[nodiscard]] Judge& judge() { return judge_; }

    std::vector<bool> existing() const {
        std::vector<bool> out;
        for (const Candidate& candidate : candidates_) {
            out.push_back(candidate.existing >= 0);
        }
        return out;
    }

    BestAccess best(const QueryModel& model, const std::vector<bool>& chosen) {
        BestAccess out;
        out.access = judge_.scan(model);
        consider(model, {&model.whole}, chosen, out);
        std::vector<const Branch*> branches;
        for (const Branch& branch : model.branches) {
            branches.push_back(&branch);
        }
        consider(model, branches, chosen, out);
        return out;
    }

    double cost_without(std::size_t candidate) const {
        std::vector<bool> chosen = selection_.chosen;
        chosen[candidate] = false;
        return table_.total(chosen);
    }

    double upkeep(std::size_t candidate) const { return table_.upkeep[candidate]; }

  private:
    // The best index for each branch, if every branch has one.
    void consider(const QueryModel& model,
                  const std::vector<const Branch*>& branches,
                  const std::vector<bool>& chosen,
                  BestAccess& best) {
        BestAccess sum;
        sum.index.clear();
        for (const Branch* branch : branches) {
            std::optional<Access> least;
            std::size_t used = 0;
            for (std::size_t at = 0; at < candidates_.size(); ++at) {
                const auto access =
                    chosen[at] ? judge_.under(model, *branch, candidates_[at]) : std::nullopt;
                if (access && (!least || access->us < least->us)) {
                    least = access;
                    used = at;
                }
            }
            if (!least) {
                return;
            }
            add(*least, sum.access);
            sum.used.push_back(used);
            sum.index += (sum.index.empty() ? "" : " | ") + candidates_[used].text();
        }
        if (!branches.empty() && sum.access.us < best.access.us) {
            best = std::move(sum);
        }
    }

    static void add(const Access& part, Access& out) {
        out.keys += part.keys;
        out.docs += part.docs;
        out.returned += part.returned;
        out.sorts = out.sorts || part.sorts;
        out.covered = part.covered;
        out.us += part.us;
    }

    const CollectionSample& sample_;
    std::vector<QueryModel> models_;
    const AdviceOptions& options_;
    Judge judge_;
    std::vector<Candidate> candidates_;
    CostTable table_;
    Selection selection_;
};

std::string join(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) {
        out += (out.empty() ? "" : ", ") + word;
    }
    return out;
}

// Why an index is there, or is to go.
std::string reason(const IndexAdvice& index, const CollectionAdvice& collection) {
    if (index.candidate.must_stay && index.serves.empty()) {
        return "kept: it does more than serve queries (unique, sparse or TTL)";
    }
    if (index.what != IndexAdvice::What::Drop) {
        return index.serves.empty() ? "kept: unique, sparse or TTL"
                                    : fmt::format("serves {}", join(index.serves));
    }
    const std::vector<Candidate>& all = collection.candidates();
    for (std::size_t at = 0; at < all.size(); ++at) {
        const bool longer = all[at].fields.size() > index.candidate.fields.size();
        if (collection.selection().chosen[at] && longer &&
            std::equal(index.candidate.fields.begin(),
                       index.candidate.fields.end(),
                       all[at].fields.begin())) {
            return fmt::format("a prefix of {}", all[at].text());
        }
    }
    return "no query of the workload is cheaper with it than its upkeep costs";
}

void append_indexes(CollectionAdvice& collection,
                    const CollectionSample& sample,
                    const std::vector<std::vector<std::string>>& served,
                    double workload_cost,
                    Advice& out) {
    const std::vector<Candidate>& candidates = collection.candidates();
    for (std::size_t at = 0; at < candidates.size(); ++at) {
        const bool chosen = collection.selection().chosen[at];
        const bool exists = candidates[at].existing >= 0;
        const bool is_id =
            candidates[at].fields.size() == 1 && candidates[at].fields[0].path == "_id";
        if ((!chosen && !exists) || is_id) {
            continue;
        }
        IndexAdvice advice;
        advice.what = !chosen  ? IndexAdvice::What::Drop
                      : exists ? IndexAdvice::What::Keep
                               : IndexAdvice::What::Add;
        advice.collection = sample.name;
        advice.candidate = candidates[at];
        advice.name =
            exists
                ? sample.indexes[static_cast<std::size_t>(candidates[at].existing)].definition.name
                : project::default_index_name(candidates[at].key());
        advice.serves = served[at];
        advice.upkeep_us = collection.upkeep(at);
        if (chosen) {
            const double without = collection.cost_without(at);
            advice.gain_us = without - collection.selection().cost_after;
            advice.gain_share = without > 0 ? advice.gain_us / without : 0;
            advice.priority =
                workload_cost > 0 && advice.gain_us / workload_cost >= kFirstPriorityShare ? 1 : 2;
        }
        advice.why = reason(advice, collection);
        out.indexes.push_back(std::move(advice));
    }
}

Result<std::vector<QueryModel>> models_of(const std::vector<const AskedQuery*>& asked,
                                          const CollectionSample& sample,
                                          const AdviceOptions& options) {
    std::vector<QueryModel> out;
    for (const AskedQuery* query : asked) {
        const std::vector<bson::Document> made =
            query->instances.empty()
                ? make_instances(query->shape, sample, options.instances, options.sample.seed)
                : query->instances;
        PLUMB_TRY(model, make_query_model(query->shape, made, sample));
        model.label = query->label;
        model.calls_a_minute = query->calls_a_minute;
        model.critical = query->critical;
        out.push_back(std::move(model));
    }
    return out;
}

void advise_collection(CollectionAdvice& collection,
                       const CollectionSample& sample,
                       const std::vector<const AskedQuery*>& asked,
                       Advice& out) {
    std::vector<std::vector<std::string>> served(collection.candidates().size());
    const std::vector<bool> existing = collection.existing();
    for (std::size_t at = 0; at < asked.size(); ++at) {
        const QueryModel& model = collection.models()[at];
        if (!model.reads) {
            continue;
        }
        QueryAdvice query;
        query.asked = *asked[at];
        const BestAccess before = collection.best(model, existing);
        const BestAccess after = collection.best(model, collection.selection().chosen);
        query.before = before.access;
        query.after = after.access;
        query.index_before = before.index;
        query.index_after = after.index;
        for (const std::size_t used : after.used) {
            if (served[used].empty() || served[used].back() != model.label) {
                served[used].push_back(model.label);
            }
        }
        out.queries.push_back(std::move(query));
    }
    out.cost_before_us += collection.selection().cost_before;
    out.cost_after_us += collection.selection().cost_after;
    append_indexes(collection, sample, served, collection.selection().cost_before, out);
}

}  // namespace

Result<Advice> advise(client::Client& client,
                      const std::string& database,
                      const std::vector<AskedQuery>& asked,
                      const AdviceOptions& options,
                      Interrupt& interrupt) {
    if (asked.empty()) {
        return fail(ErrorCode::BadValue, "no query is asked: there is nothing to advise on");
    }
    std::map<std::string, std::vector<const AskedQuery*>> by_collection;
    for (const AskedQuery& query : asked) {
        by_collection[query.shape.collection].push_back(&query);
    }
    Advice out;
    for (const auto& [name, queries] : by_collection) {
        if (options.on_collection) {
            options.on_collection(name);
        }
        PLUMB_TRY(sample, draw_sample(client, database, name, options.sample, interrupt));
        const auto [entry, added] = out.samples.emplace(name, std::move(sample));
        static_cast<void>(added);
        if (!entry->second.exists) {
            continue;
        }
        PLUMB_TRY(models, models_of(queries, entry->second, options));
        CollectionAdvice collection{entry->second, std::move(models), options};
        advise_collection(collection, entry->second, queries, out);
        find_in_collection({entry->second, collection.models(), out}, out.findings);
    }
    std::ranges::stable_sort(out.indexes, [](const IndexAdvice& a, const IndexAdvice& b) {
        return a.gain_us > b.gain_us;
    });
    return out;
}

}  // namespace plumb::advise
