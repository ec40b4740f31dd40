// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/collection_study.h"

#include "tool/advise/instances.h"

namespace plumb::advise {
namespace {

constexpr double kBytesInMegabyte = 1024.0 * 1024.0;

void add_part(const Access& part, Access& out) {
    out.keys += part.keys;
    out.docs += part.docs;
    out.returned += part.returned;
    out.sorts = out.sorts || part.sorts;
    out.covered = part.covered;
    out.us += part.us;
}

// The best index for each branch; nothing if one of them has none.
std::optional<BestAccess> best_of(Judge& judge,
                                  const QueryModel& model,
                                  const std::vector<const Branch*>& branches,
                                  const std::vector<const Candidate*>& indexes) {
    BestAccess out;
    out.index.clear();
    for (const Branch* branch : branches) {
        std::optional<Access> least;
        const Candidate* used = nullptr;
        for (const Candidate* index : indexes) {
            const auto access = judge.under(model, *branch, *index);
            if (access && (!least || access->us < least->us)) {
                least = access;
                used = index;
            }
        }
        if (used == nullptr) {
            return std::nullopt;
        }
        add_part(*least, out.access);
        out.used.push_back(used);
        out.index += (out.index.empty() ? "" : " | ") + used->text();
    }
    return branches.empty() ? std::nullopt : std::optional{out};
}

}  // namespace

Status CollectionStudy::add(const AskedQuery& asked, std::size_t instances) {
    const std::vector<bson::Document> made =
        asked.instances.empty()
            ? make_instances(asked.shape, judge_.columns(), instances, options_.sample.seed)
            : asked.instances;
    PLUMB_TRY(model, make_query_model(asked.shape, made, judge_.columns()));
    model.label = asked.label;
    model.calls_a_minute = asked.calls_a_minute;
    model.critical = asked.critical;
    model.inner = asked.inner;
    if (asked.declared) {
        mark_constants(model, *asked.declared);
    }
    asked_.push_back(&asked);
    models_.push_back(std::move(model));
    return {};
}

void CollectionStudy::prepare() {
    candidates_ = make_candidates(models_, sample_, judge_);
    table_ = make_cost_table(models_, candidates_, options_.weights, judge_);
    cost_before_ = table_.total(in_set(existing()));
}

void CollectionStudy::select(double gain_min_us, bool by_count) {
    SelectionLimits limits = options_.limits;
    limits.gain_min_us = gain_min_us;
    if (by_count) {
        curve_ = select_by_count(table_, candidates_, limits);
        selection_ = curve_.back();
    } else {
        selection_ = select_indexes(table_, candidates_, limits);
    }
}

std::vector<bool> CollectionStudy::in_set(const std::vector<const Candidate*>& indexes) const {
    std::vector<bool> out(candidates_.size(), false);
    for (const Candidate* index : indexes) {
        out[static_cast<std::size_t>(index - candidates_.data())] = true;
    }
    return out;
}

BestAccess CollectionStudy::best(const QueryModel& model,
                                 const std::vector<const Candidate*>& indexes) {
    std::vector<const Branch*> branches;
    for (const Branch& branch : model.branches) {
        branches.push_back(&branch);
    }
    auto whole = best_of(judge_, model, {&model.whole}, indexes);
    auto parts = best_of(judge_, model, branches, indexes);
    if (whole && (!parts || whole->access.us <= parts->access.us)) {
        return *std::move(whole);
    }
    if (parts) {
        return *std::move(parts);
    }
    BestAccess scan;
    scan.access = judge_.scan(model);
    return scan;
}

double CollectionStudy::upkeep_of(const Candidate& index) const {
    double out = 0;
    for (const QueryModel& model : models_) {
        out += model.calls_a_minute * judge_.upkeep(model, index);
    }
    return out;
}

double CollectionStudy::cost_of(const std::vector<const Candidate*>& indexes) {
    double out = 0;
    for (const QueryModel& model : models_) {
        out += model.reads ? model.calls_a_minute * best(model, indexes).access.us : 0;
    }
    for (const Candidate* index : indexes) {
        out +=
            upkeep_of(*index) + index->bytes / kBytesInMegabyte * options_.weights.megabyte_minute;
    }
    return out;
}

std::vector<const Candidate*> CollectionStudy::chosen() const {
    std::vector<const Candidate*> out;
    for (std::size_t at = 0; at < candidates_.size(); ++at) {
        if (selection_.chosen[at]) {
            out.push_back(&candidates_[at]);
        }
    }
    return out;
}

std::vector<const Candidate*> CollectionStudy::existing() const {
    std::vector<const Candidate*> out;
    for (const Candidate& candidate : candidates_) {
        if (candidate.existing >= 0) {
            out.push_back(&candidate);
        }
    }
    return out;
}

}  // namespace plumb::advise
