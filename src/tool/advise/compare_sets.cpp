// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/study_report.h"

#include <algorithm>

namespace plumb::advise {
namespace {

void add_set(CollectionStudy& study,
             const std::vector<const Candidate*>& indexes,
             SetFigures& out) {
    out.cost_us += study.cost_of(indexes);
    for (const Candidate* index : indexes) {
        if (!is_id_index(*index)) {
            ++out.indexes;
            out.bytes += index->bytes;
            out.upkeep_us += study.upkeep_of(*index);
        }
    }
    for (const QueryModel& model : study.models()) {
        out.queries_us +=
            model.reads ? model.calls_a_minute * study.best(model, indexes).access.us : 0;
    }
}

// The strategy's indexes of one collection, and the one on _id that every collection has.
std::vector<Candidate> candidates_of(const project::Strategy& strategy,
                                     int priority,
                                     CollectionStudy& study,
                                     Comparison& out) {
    std::vector<Candidate> all;
    for (const Candidate& candidate : study.candidates()) {
        if (is_id_index(candidate)) {
            all.push_back(candidate);
        }
    }
    for (const project::StrategyIndex& each : strategy.indexes) {
        if (each.collection != study.sample().name || (priority > 0 && each.priority > priority)) {
            continue;
        }
        if (auto candidate = candidate_of(each.index, study.judge())) {
            all.push_back(*std::move(candidate));
        } else {
            out.left_out.push_back(each.collection + "." + each.index.name);
        }
    }
    return all;
}

void compare_collection(CollectionStudy& study,
                        const std::vector<Candidate>& document,
                        Comparison& out) {
    std::vector<const Candidate*> theirs;
    theirs.reserve(document.size());
    for (const Candidate& candidate : document) {
        theirs.push_back(&candidate);
    }
    const std::vector<const Candidate*> ours = study.chosen();
    add_set(study, theirs, out.document);
    add_set(study, ours, out.advised);
    for (const QueryModel& model : study.models()) {
        if (!model.reads) {
            continue;
        }
        BestAccess with_theirs = study.best(model, theirs);
        BestAccess with_ours = study.best(model, ours);
        out.queries.push_back({model.label,
                               model.calls_a_minute,
                               with_theirs.access,
                               with_ours.access,
                               std::move(with_theirs.index),
                               std::move(with_ours.index)});
    }
}

}  // namespace

Comparison compare_with(const project::Strategy& strategy, int priority, Studies& studies) {
    Comparison out;
    out.file = strategy.file;
    out.priority = priority;
    for (const auto& study : studies) {
        compare_collection(*study, candidates_of(strategy, priority, *study, out), out);
    }
    // Indexes of collections that no query asks cost nothing here, but are there.
    for (const project::StrategyIndex& each : strategy.indexes) {
        const bool asked = std::ranges::any_of(
            studies, [&](const auto& study) { return study->sample().name == each.collection; });
        if (!asked && (priority == 0 || each.priority <= priority)) {
            ++out.document.indexes;
        }
    }
    return out;
}

}  // namespace plumb::advise
