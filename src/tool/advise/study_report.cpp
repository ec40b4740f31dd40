// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/study_report.h"

#include "tool/advise/advice_document.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::advise {
namespace {

// An index of priority 1 takes off at least this share of the whole workload's cost.
constexpr double kFirstPriorityShare = 0.01;

// Why an index is there, or is to go.
std::string reason(const IndexAdvice& index, const CollectionStudy& study) {
    if (index.candidate.must_stay && index.serves.empty()) {
        return "kept: it does more than serve queries (unique, sparse or TTL)";
    }
    if (index.what != IndexAdvice::What::Drop) {
        return index.serves.empty() ? "kept: unique, sparse or TTL"
                                    : fmt::format("serves {}", join_labels(index.serves));
    }
    for (const Candidate* other : study.chosen()) {
        const bool longer = other->fields.size() > index.candidate.fields.size();
        if (longer && !other->partial && !other->sparse &&
            std::equal(index.candidate.fields.begin(),
                       index.candidate.fields.end(),
                       other->fields.begin())) {
            return fmt::format("a prefix of {}", other->text());
        }
    }
    return "no query of the workload is cheaper with it than its upkeep costs";
}

// What a call of the queries that an index serves examines.
void average_documents(const std::vector<QueryAdvice>& queries,
                       const std::string& collection,
                       IndexAdvice& out) {
    double calls = 0;
    for (const QueryAdvice& query : queries) {
        if (query.asked.shape.collection == collection &&
            std::ranges::find(out.serves, query.asked.label) != out.serves.end()) {
            calls += query.asked.calls_a_minute;
            out.docs_before += query.asked.calls_a_minute * query.before.docs;
            out.docs_after += query.asked.calls_a_minute * query.after.docs;
        }
    }
    if (calls > 0) {
        out.docs_before /= calls;
        out.docs_after /= calls;
    }
}

IndexAdvice advice_for(CollectionStudy& study, std::size_t at, double workload_cost) {
    const Candidate& candidate = study.candidates()[at];
    const bool chosen = study.selection().chosen[at];
    const bool exists = candidate.existing >= 0;
    IndexAdvice out;
    out.what = !chosen  ? IndexAdvice::What::Drop
               : exists ? IndexAdvice::What::Keep
                        : IndexAdvice::What::Add;
    out.collection = study.sample().name;
    out.candidate = candidate;
    out.name =
        exists
            ? study.sample().indexes[static_cast<std::size_t>(candidate.existing)].definition.name
            : project::default_index_name(candidate.key());
    out.upkeep_us = study.table().upkeep[at];
    out.build_us = study.judge().build_cost(candidate);
    if (chosen) {
        std::vector<bool> without = study.selection().chosen;
        without[at] = false;
        out.gain_us = study.table().total(without) - study.selection().cost_after;
        out.gain_share = workload_cost > 0 ? out.gain_us / workload_cost : 0;
        out.priority = out.gain_share >= kFirstPriorityShare ? 1 : 2;
    }
    return out;
}

}  // namespace

std::vector<std::string> fields_asked(const QueryModel& model) {
    std::vector<std::string> out;
    const auto add = [&](const std::string& path) {
        if (std::ranges::find(out, path) == out.end()) {
            out.push_back(path);
        }
    };
    for (const Condition& condition : model.whole.conditions) {
        add(condition.path);
    }
    for (const Branch& branch : model.branches) {
        for (const Condition& condition : branch.conditions) {
            add(condition.path);
        }
    }
    for (const SortField& field : model.sort) {
        add(field.path);
    }
    return out;
}

void append_study(CollectionStudy& study, double workload_cost, Advice& out) {
    std::map<const Candidate*, std::vector<std::string>> served;
    std::set<std::string> fields;
    const std::vector<const Candidate*> existing = study.existing();
    const std::vector<const Candidate*> chosen = study.chosen();
    for (std::size_t at = 0; at < study.models().size(); ++at) {
        const QueryModel& model = study.models()[at];
        if (!model.reads) {
            continue;
        }
        const BestAccess before = study.best(model, existing);
        const BestAccess after = study.best(model, chosen);
        for (const Candidate* used : after.used) {
            std::vector<std::string>& labels = served[used];
            if (labels.empty() || labels.back() != model.label) {
                labels.push_back(model.label);
            }
        }
        out.queries.push_back(
            {*study.asked()[at], before.access, after.access, before.index, after.index});
        for (std::string& path : fields_asked(model)) {
            fields.insert(std::move(path));
        }
    }
    for (const std::string& path : fields) {
        out.statistics[study.sample().name].push_back(
            describe_field(study.judge().columns(), path));
    }
    for (std::size_t at = 0; at < study.candidates().size(); ++at) {
        const Candidate& candidate = study.candidates()[at];
        const bool matters = study.selection().chosen[at] || candidate.existing >= 0;
        if (matters && !is_id_index(candidate)) {
            IndexAdvice advice = advice_for(study, at, workload_cost);
            advice.serves = served[&candidate];
            average_documents(out.queries, study.sample().name, advice);
            advice.why = reason(advice, study);
            out.indexes.push_back(std::move(advice));
        }
    }
}

}  // namespace plumb::advise
