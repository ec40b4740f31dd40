// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/replan/compare.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::replan {
namespace {

std::string ms_text(const QueryPlan& plan) {
    return plan.ms < 0 ? std::string{"-"} : fmt::format("{:.2f} ms", plan.ms);
}

std::string figures(const QueryPlan& before, const QueryPlan& after) {
    return fmt::format("{:.0f} → {:.0f} keys and documents examined a call, {} → {}; {} → {}",
                       before.examined(),
                       after.examined(),
                       ms_text(before),
                       ms_text(after),
                       before.stages,
                       after.stages);
}

// True if most contests were close.
bool is_close(const QueryPlan& plan) {
    return plan.close > 0 && plan.close * 2 >= plan.contests;
}

bool is_unsteady(const QueryPlan& plan) {
    return is_close(plan) || plan.flips();
}

// True if every index of this plan ("a_1 + b_1") is there.
bool all_there(const std::string& winner, const std::vector<std::string>& names) {
    std::size_t start = 0;
    while (start <= winner.size()) {
        const std::size_t end = std::min(winner.find(" + ", start), winner.size());
        const std::string name = winner.substr(start, end - start);
        if (name != "scan" && std::ranges::find(names, name) == names.end()) {
            return false;
        }
        start = end + 3;
    }
    return true;
}

class QueryCompare {
  public:
    QueryCompare(const QueryPlan& before,
                 const QueryPlan& after,
                 const std::vector<std::string>& indexes_after,
                 const CompareOptions& options)
        : before_(before), after_(after), indexes_after_(indexes_after), options_(options) {}

    void append(std::vector<PlanChange>& out) const {
        if (slower()) {
            out.push_back(slower_query());
        }
        if (before_.winner != after_.winner) {
            out.push_back(winner_changed());
        }
        if (is_close(after_)) {
            out.push_back(near_equal());
        } else if (after_.flips()) {
            out.push_back(in_turn());
        }
    }

  private:
    bool sorts_now() const { return after_.sorts && !before_.sorts && after_.returned >= 2; }

    // Where an index takes the place of a scan each entry and its document count as two, so that
    // more may be examined in less time.
    bool quicker_than_the_scan() const {
        return before_.winner == "scan" && before_.ms > 0 && after_.ms >= 0 &&
               after_.ms < options_.quicker_share * before_.ms;
    }

    bool slower() const {
        const double more = after_.examined() - before_.examined();
        if (quicker_than_the_scan()) {
            return false;
        }
        return sorts_now() || (more >= options_.slower_examined &&
                               more > options_.slower_share * before_.examined());
    }

    bool faster() const {
        return after_.examined() <= before_.examined() * (1 - options_.faster_share);
    }

    PlanChange change(ChangeKind kind, Weight weight) const {
        PlanChange out;
        out.kind = kind;
        out.weight = weight;
        out.collection = after_.collection;
        out.label = after_.label;
        return out;
    }

    PlanChange slower_query() const {
        PlanChange out = change(ChangeKind::SlowerQuery, Weight::Problem);
        out.text = sorts_now() ? fmt::format("{} sorts in memory after the change", after_.label)
                               : fmt::format("{} examines {:.1f} times as much after the change",
                                             after_.label,
                                             after_.examined() / std::max(before_.examined(), 1.0));
        out.evidence = figures(before_, after_);
        out.fix = fmt::format("keep {} for it, or leave {} out", before_.winner, after_.winner);
        return out;
    }

    PlanChange winner_changed() const {
        const bool gone = !all_there(before_.winner, indexes_after_);
        const bool scanned = before_.winner == "scan";
        const bool fine = !slower() && (faster() || gone || scanned);
        const Weight weight = fine ? Weight::Info : slower() ? Weight::Problem : Weight::Warning;
        PlanChange out = change(ChangeKind::WinnerChanged, weight);
        out.text = fmt::format("{} is served by {} instead of {}{}",
                               after_.label,
                               after_.winner,
                               before_.winner,
                               gone ? ", which is gone" : "");
        out.evidence = figures(before_, after_);
        out.fix = fine ? "none needed"
                       : fmt::format("hint {} where {} is asked, or leave {} out",
                                     before_.winner,
                                     after_.label,
                                     after_.winner);
        return out;
    }

    std::string before_too() const {
        return is_unsteady(before_) ? ", and so before the change" : "; not so before the change";
    }

    PlanChange unsteady() const {
        return change(ChangeKind::NearEqualPlans,
                      is_unsteady(before_) ? Weight::Warning : Weight::Problem);
    }

    PlanChange near_equal() const {
        const Trial& first = after_.closest.trials[0];
        const Trial& second = after_.closest.trials[1];
        PlanChange out = unsteady();
        out.text = fmt::format("{} and {} are {} for {}: the plan cache may flip between them",
                               first.plan,
                               second.plan,
                               after_.closest.tied() ? "tied" : "nearly equal",
                               after_.label);
        out.evidence = fmt::format(
            "when the trial ended: {:.0f} documents of {:.0f} works against {:.0f} of {:.0f}; "
            "close in {} of {} calls{}",
            first.returned,
            first.works,
            second.returned,
            second.works,
            after_.close,
            after_.calls,
            before_too());
        out.fix =
            fmt::format("one index that serves it better than both, or a hint on {}", first.plan);
        return out;
    }

    PlanChange in_turn() const {
        const std::string second = after_.second();
        PlanChange out = unsteady();
        out.text = fmt::format(
            "{} and {} win in turn for {}: the plan cache may flip between them, and holds one for "
            "the other's values",
            after_.winner,
            second,
            after_.label);
        out.evidence = fmt::format("{} wins {} and {} {} of {} calls{}",
                                   after_.winner,
                                   after_.winners.at(after_.winner),
                                   second,
                                   after_.winners.at(second),
                                   after_.calls,
                                   before_too());
        out.fix = fmt::format("one index that serves it better than both, or a hint on {}",
                              after_.winner);
        return out;
    }

    const QueryPlan& before_;
    const QueryPlan& after_;
    const std::vector<std::string>& indexes_after_;
    const CompareOptions& options_;
};

}  // namespace

std::string_view code_of(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::NearEqualPlans:
            return "near_equal_plans";
        case ChangeKind::SlowerQuery:
            return "slower_query";
        case ChangeKind::WinnerChanged:
            return "winner_changed";
    }
    return {};
}

std::vector<PlanChange> compare(const PlanBook& before,
                                const PlanBook& after,
                                const CompareOptions& options) {
    static const std::vector<std::string> kNone;
    std::vector<PlanChange> out;
    for (const QueryPlan& query : after.queries) {
        const QueryPlan* earlier = before.find(query.label);
        if (earlier == nullptr || query.calls == 0 || earlier->calls == 0) {
            continue;
        }
        const auto names = after.indexes.find(query.collection);
        QueryCompare(*earlier, query, names == after.indexes.end() ? kNone : names->second, options)
            .append(out);
    }
    return out;
}

}  // namespace plumb::replan
