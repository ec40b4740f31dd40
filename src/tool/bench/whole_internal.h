// SPDX-License-Identifier: GPL-3.0-or-later
// Promises about the workload as a whole, each judged by a function of its own.
//
// Threads  pure functions.
#pragma once

#include "tool/bench/compare.h"

#include <string>
#include <vector>

namespace plumb::bench {

struct WholeInputs {
    const workload::Workload& workload;
    const Recording& before;
    const Recording& after;
    const std::vector<RowComparison>& rows;
    const std::vector<IndexComparison>& indexes;
    const WriteTrial* trial;  // null: not measured
};

// All promises that are not about one query, in the order of the workload.
[[nodiscard]] std::vector<WholeComparison> compare_wholes(const WholeInputs& in);

// Each fills in what was measured, the verdict and the reasons.
void judge_cpu(const workload::Promise& promise, const WholeInputs& in, WholeComparison& out);
void judge_network(const workload::Promise& promise, const WholeInputs& in, WholeComparison& out);
void judge_writes(const workload::Promise& promise, const WholeInputs& in, WholeComparison& out);
void judge_index_size(const workload::Promise& promise,
                      const WholeInputs& in,
                      WholeComparison& out);
void judge_indexes_size(const workload::Promise& promise,
                        const WholeInputs& in,
                        WholeComparison& out);
void judge_memory(const workload::Promise& promise, const WholeInputs& in, WholeComparison& out);
void judge_rollback(const workload::Promise& promise, const WholeInputs& in, WholeComparison& out);
void judge_scale(const workload::Promise& promise, const WholeInputs& in, WholeComparison& out);

// By the rows of the workload alone, where no trial was made.
void judge_writes_by_rows(const workload::Promise& promise,
                          const WholeInputs& in,
                          WholeComparison& out);

}  // namespace plumb::bench
