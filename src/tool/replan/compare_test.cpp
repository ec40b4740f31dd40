// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/replan/compare.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace plumb::replan {
namespace {

QueryPlan plan(const std::string& winner, double keys, double docs) {
    QueryPlan out;
    out.label = "Q1";
    out.collection = "orders";
    out.calls = 4;
    out.winner = winner;
    out.winners[winner] = 4;
    out.stages = winner;
    out.keys = keys;
    out.docs = docs;
    out.returned = 20;
    return out;
}

PlanBook book(QueryPlan query, std::vector<std::string> indexes) {
    PlanBook out;
    out.indexes["orders"] = std::move(indexes);
    out.queries.push_back(std::move(query));
    return out;
}

QueryPlan close_contest(QueryPlan query) {
    query.contests = 4;
    query.close = 4;
    query.closest.trials = {{"a", 50, 100, false}, {"b", 50, 100, false}};
    return query;
}

// Two plans that win in turn; `everywhere`: both are candidates for every value.
QueryPlan taking_turns(bool everywhere) {
    QueryPlan out = plan("a", 99, 99);
    out.winners = {{"a", 2}, {"b", 2}};
    out.contests = 4;
    out.rivals = everywhere ? std::set<std::string>{"a", "b"} : std::set<std::string>{"a"};
    return out;
}

std::vector<std::string> codes(const std::vector<PlanChange>& changes) {
    std::vector<std::string> out;
    for (const PlanChange& change : changes) {
        out.push_back(std::string{code_of(change.kind)} + (change.fails_gate() ? "!" : ""));
    }
    return out;
}

struct Case {
    const char* name;
    PlanBook before;
    PlanBook after;
    std::vector<std::string> expect;  // with ! what fails the gate
};

TEST(Compare, NamesWhatAChangeDidToOtherQueries) {
    QueryPlan sorting = plan("b", 20, 20);
    sorting.sorts = true;
    const Case cases[] = {
        {"nothing", book(plan("a", 9, 9), {"a"}), book(plan("a", 9, 9), {"a"}), {}},
        {"better",
         book(plan("scan", 0, 9000), {}),
         book(plan("a", 9, 9), {"a"}),
         {"winner_changed"}},
        {"its index went, another does the same",
         book(plan("a", 99, 99), {"a", "b"}),
         book(plan("b", 99, 99), {"b"}),
         {"winner_changed"}},
        {"an index where there was none, for a query that is cheap anyway",
         book(plan("scan", 0, 30), {}),
         book(plan("a", 20, 20), {"a"}),
         {"winner_changed"}},
        {"stolen without a gain",
         book(plan("a", 99, 99), {"a"}),
         book(plan("b", 99, 99), {"a", "b"}),
         {"winner_changed!"}},
        {"stolen and slower",
         book(plan("a", 99, 99), {"a"}),
         book(plan("b", 999, 999), {"a", "b"}),
         {"slower_query!", "winner_changed!"}},
        {"slower by the same plan",
         book(plan("a", 99, 99), {"a"}),
         book(plan("a", 500, 500), {"a"}),
         {"slower_query!"}},
        {"a little more is nothing",
         book(plan("a", 9, 9), {"a"}),
         book(plan("a", 12, 12), {"a"}),
         {}},
        {"sorts now", book(plan("b", 20, 20), {"b"}), book(sorting, {"b"}), {"slower_query!"}},
        {"ties now",
         book(plan("a", 99, 99), {"a", "b"}),
         book(close_contest(plan("a", 99, 99)), {"a", "b"}),
         {"near_equal_plans!"}},
        {"two win in turn",
         book(plan("a", 99, 99), {"a", "b"}),
         book(taking_turns(true), {"a", "b"}),
         {"near_equal_plans!"}},
        {"a partial index wins where it may",
         book(plan("a", 99, 99), {"a", "b"}),
         book(taking_turns(false), {"a", "b"}),
         {}},
        {"two indexes in one plan, both there",
         book(plan("a + b", 99, 99), {"a", "b"}),
         book(plan("c", 99, 99), {"a", "b", "c"}),
         {"winner_changed!"}},
    };
    for (const Case& each : cases) {
        EXPECT_EQ(codes(compare(each.before, each.after)), each.expect) << each.name;
    }
}

TEST(Compare, LetsTimeAcquitAnIndexInThePlaceOfAScan) {
    QueryPlan before = plan("scan", 0, 5000);
    QueryPlan after = plan("a", 3200, 3200);
    before.ms = 0.4;
    after.ms = 0.2;
    EXPECT_EQ(codes(compare(book(before, {}), book(after, {"a"}))),
              (std::vector<std::string>{"winner_changed"}));
    after.ms = 0.39;
    EXPECT_EQ(codes(compare(book(before, {}), book(after, {"a"}))),
              (std::vector<std::string>{"slower_query!", "winner_changed!"}));
    before.winner = "b";
    after.ms = 0.2;
    EXPECT_EQ(codes(compare(book(before, {"b"}), book(after, {"a", "b"}))),
              (std::vector<std::string>{"slower_query!", "winner_changed!"}));
}

TEST(Compare, TellsATieThatWasThereFromANewOne) {
    const PlanBook tied = book(close_contest(plan("a", 99, 99)), {"a", "b"});
    const PlanBook clear = book(plan("a", 99, 99), {"a", "b"});
    EXPECT_EQ(compare(tied, tied).at(0).weight, Weight::Warning);
    EXPECT_EQ(compare(clear, tied).at(0).weight, Weight::Problem);
    EXPECT_TRUE(compare(tied, clear).empty());
}

TEST(Compare, LeavesOutWhatCouldNotBePlanned) {
    QueryPlan failed = plan("a", 0, 0);
    failed.calls = 0;
    failed.error = "no such collection";
    EXPECT_TRUE(compare(book(plan("a", 9, 9), {"a"}), book(failed, {"a"})).empty());
}

}  // namespace
}  // namespace plumb::replan
