// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/json.h"
#include "tool/advise/study_report.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::advise {
namespace {

constexpr std::size_t kInstancesShown = 3;
constexpr double kSameCost = 1.001;

// Why a candidate is in the set, or what speaks against it.
std::string reason(const ConsideredIndex& each,
                   const BestAccess& best,
                   const CollectionStudy& study) {
    const double best_us = best.access.us;
    const bool used = std::ranges::any_of(best.used, [&](const Candidate* candidate) {
        return candidate->text() == each.candidate.text();
    });
    if (used) {
        return "chosen, and the cheapest of the chosen ones for this query";
    }
    if (each.chosen) {
        return "chosen for other queries";
    }
    if (each.access.us > best_us * kSameCost) {
        return fmt::format("{:.1f} µs a call against {:.1f}", each.access.us, best_us);
    }
    // As good for this query: something else decided.
    std::vector<bool> with = study.selection().chosen;
    for (std::size_t at = 0; at < study.candidates().size(); ++at) {
        if (study.candidates()[at].text() == each.candidate.text()) {
            with[at] = true;
        }
        if (!best.used.empty() && study.candidates()[at].text() == best.used[0]->text()) {
            with[at] = false;
        }
    }
    const double more = study.table().total(with) - study.selection().cost_after;
    return more > 0 ? fmt::format(
                          "in the place of the chosen one the workload costs {:.0f} µs a "
                          "minute more",
                          more)
                    : "left out by a limit, or by another index of the same key";
}

std::vector<ConsideredIndex> considered(CollectionStudy& study,
                                        const QueryModel& model,
                                        const BestAccess& best,
                                        QueryExplanation& out) {
    std::vector<ConsideredIndex> all;
    for (std::size_t at = 0; at < study.candidates().size(); ++at) {
        ConsideredIndex each;
        each.candidate = study.candidates()[at];
        std::optional<Access> access = study.judge().under(model, model.whole, each.candidate);
        for (const Branch& branch : model.branches) {
            const auto other = study.judge().under(model, branch, each.candidate);
            if (other && (!access || other->us < access->us)) {
                access = other;
            }
        }
        if (!access) {
            ++out.not_usable;
            continue;
        }
        each.access = *access;
        each.upkeep_us = study.table().upkeep[at];
        each.chosen = study.selection().chosen[at];
        each.why = reason(each, best, study);
        all.push_back(std::move(each));
    }
    std::ranges::stable_sort(all, [](const ConsideredIndex& a, const ConsideredIndex& b) {
        return std::tuple{a.access.us, !a.chosen} < std::tuple{b.access.us, !b.chosen};
    });
    return all;
}

QueryExplanation explain_in(CollectionStudy& study, std::size_t at) {
    const QueryModel& model = study.models()[at];
    const AskedQuery& asked = *study.asked()[at];
    QueryExplanation out;
    out.label = asked.label;
    out.title = asked.title;
    out.shape = asked.shape.text;
    out.collection = study.sample().name;
    out.calls_a_minute = asked.calls_a_minute;
    out.documents = study.sample().documents;
    out.sampled = study.sample().rows.size();
    out.document_bytes = study.judge().document_bytes();
    out.instance_count = model.instances;
    // Values of a captured workload stay out of what is printed.
    const std::size_t shown = asked.declared ? std::min(model.instances, kInstancesShown) : 0;
    for (std::size_t one = 0; one < shown; ++one) {
        std::string text;
        for (const Condition& condition : model.whole.conditions) {
            text += (text.empty() ? "" : ", ") + bson::to_json(condition.filters[one]);
        }
        if (!text.empty()) {
            out.instances.push_back(std::move(text));
        }
    }
    for (const std::string& path : fields_asked(model)) {
        out.fields.push_back(describe_field(study.judge().columns(), path));
    }
    const BestAccess before = study.best(model, study.existing());
    const BestAccess after = study.best(model, study.chosen());
    out.scan = study.judge().scan(model);
    out.before = before.access;
    out.after = after.access;
    out.index_before = before.index;
    out.index_after = after.index;
    out.considered = considered(study, model, after, out);
    return out;
}

}  // namespace

Result<QueryExplanation> explain_query(const std::string& label, Studies& studies) {
    std::string labels;
    for (const auto& study : studies) {
        for (std::size_t at = 0; at < study->models().size(); ++at) {
            const QueryModel& model = study->models()[at];
            if (!model.reads) {
                continue;
            }
            if (model.label == label) {
                return explain_in(*study, at);
            }
            labels += (labels.empty() ? "" : ", ") + model.label;
        }
    }
    return fail(ErrorCode::BadValue,
                fmt::format("no query that reads has the label {}; there are {}", label, labels));
}

}  // namespace plumb::advise
