// SPDX-License-Identifier: GPL-3.0-or-later
// Two recordings of the same workload, held against each other and against the promises.
//
//   const Comparison comparison = compare(before, after, workload);
//
// A difference is called one only if the 95 % interval of the ratio leaves out 1 and the ratio is
// further from 1 than the noise that the two runs show of themselves (docs/decisions/0023).
//
// Threads  pure functions.
#pragma once

#include "bson/document.h"
#include "tool/bench/bootstrap.h"
#include "tool/bench/recording.h"
#include "tool/bench/verdict.h"
#include "tool/bench/write_trial.h"
#include "tool/workload/workload.h"

#include <optional>
#include <string>
#include <vector>

namespace plumb::bench {

struct RowComparison {
    Row before;
    Row after;
    Interval factor;   // before / after of the medians: above 1 is faster
    double noise = 0;  // a factor within 1 + this is no difference
    std::optional<workload::Promise> promise;
    Verdict verdict = Verdict::NotMeasured;
    std::vector<std::string> reasons;
    std::vector<std::string> rules;  // the codes of what the reasons say, and of what they left out
};

// A promise about the workload as a whole, or about resources.
struct WholeComparison {
    std::string name;
    std::string promised;
    std::string measured;
    std::string before;  // the figure of the earlier run; empty where there is but one
    std::string after;
    // after / before, for what has both
    std::optional<Interval> ratio;
    Verdict verdict = Verdict::NotMeasured;
    std::vector<std::string> reasons;
};

// An index that one of the two recordings has.
struct IndexComparison {
    std::string collection;
    IndexInfo index;  // of the later recording if it is there, else of the earlier
    bool is_new = false;
    bool is_gone = false;
};

struct Comparison {
    Environment before;
    Environment after;
    std::vector<RowComparison> rows;
    std::vector<WholeComparison> wholes;
    std::vector<IndexComparison> indexes;
    double noise = 0;        // share by which two runs of the same differ; typical of all rows
    double noise_short = 0;  // the same of calls little longer than a round trip
    std::vector<std::string> warnings;  // what makes the two hard to compare
};

// Rows that both recordings have. `trial`: what writes cost by index, if that was measured.
[[nodiscard]] Comparison compare(const Recording& before,
                                 const Recording& after,
                                 const workload::Workload& workload,
                                 const WriteTrial* trial = nullptr);

// Of the rows of one run: the samples round by round.
[[nodiscard]] Rounds rounds_of(const Row& row);

// For --json and the report's data.
[[nodiscard]] bson::Document to_document(const Comparison& comparison);

// True if a promise was missed.
[[nodiscard]] bool any_missed(const Comparison& comparison);

}  // namespace plumb::bench
