// SPDX-License-Identifier: GPL-3.0-or-later
// Two recordings of the same workload, held against each other and against the promises.
//
//   const Comparison comparison = compare(before, after, workload);
//
// Threads  pure functions.
#pragma once

#include "bson/document.h"
#include "tool/bench/recording.h"
#include "tool/bench/verdict.h"
#include "tool/workload/workload.h"

#include <optional>
#include <string>
#include <vector>

namespace plumb::bench {

struct RowComparison {
    Row before;
    Row after;
    Interval factor;  // before / after of the medians: above 1 is faster
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
    double noise = 0;  // share by which two runs of the same differ; smaller changes are none
    std::vector<std::string> warnings;  // what makes the two hard to compare
};

// Rows that both recordings have.
[[nodiscard]] Comparison compare(const Recording& before,
                                 const Recording& after,
                                 const workload::Workload& workload);

// The promises about the whole, of compare(); a file of its own.
[[nodiscard]] std::vector<WholeComparison> compare_wholes(
    const workload::Workload& workload,
    const std::vector<RowComparison>& rows,
    const std::vector<IndexComparison>& indexes);

// For --json and the report's data.
[[nodiscard]] bson::Document to_document(const Comparison& comparison);

// True if a promise was missed.
[[nodiscard]] bool any_missed(const Comparison& comparison);

}  // namespace plumb::bench
