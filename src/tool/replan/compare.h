// SPDX-License-Identifier: GPL-3.0-or-later
// What a change of indexes did to the queries it was not made for: slower ones, other winners, and
// contests that a few documents decide.
//
//   for (const PlanChange& change : compare(before, after)) {
//       failed = failed || change.fails_gate();
//   }
//
// What is compared is keys and documents examined, which any server repeats exactly; times stand
// beside them as evidence and fail nothing, but may acquit an index that took the place of a scan
// (docs/decisions/0020).
//
// Threads  pure functions.
#pragma once

#include "tool/replan/plan_book.h"

#include <cstdint>
#include <string>
#include <vector>

namespace plumb::replan {

enum class ChangeKind : std::uint8_t {
    NearEqualPlans,  // two candidate plans tie: the plan cache may flip between them
    SlowerQuery,     // examines more than before, or sorts in memory now
    WinnerChanged,   // another index serves it
};

enum class Weight : std::uint8_t { Info, Warning, Problem };

struct PlanChange {
    ChangeKind kind = ChangeKind::SlowerQuery;
    Weight weight = Weight::Info;
    std::string collection;
    std::string label;
    std::string text;      // one sentence
    std::string evidence;  // the figures
    std::string fix;

    // False for what is only worth knowing: a winner that changed for the better.
    [[nodiscard]] bool fails_gate() const { return weight != Weight::Info; }
};

// "near_equal_plans", "slower_query", "winner_changed"
[[nodiscard]] std::string_view code_of(ChangeKind kind);

struct CompareOptions {
    double slower_share = 0.2;    // more examined than this share …
    double slower_examined = 50;  // … and than this many: a slower query
    double faster_share = 0.1;    // less examined than this share: a winner that is better
    double quicker_share =
        0.8;  // a scan's time cut to this share: not slower, whatever is examined
};

// The changes, in the order of the queries. Near-equal plans of `after` are named whether or not
// they were there before, with which of the two it is.
[[nodiscard]] std::vector<PlanChange> compare(const PlanBook& before,
                                              const PlanBook& after,
                                              const CompareOptions& options = {});

}  // namespace plumb::replan
